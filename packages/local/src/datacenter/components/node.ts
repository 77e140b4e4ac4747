import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Pki } from '../../controlplane/pki.ts';
import {
  DNS_SERVICE_ADDRESS,
  type Layout,
  NODE_ADDRESS,
  NODE_NAME,
  POD_CIDR,
} from '../layout.ts';
import type { Launch } from '../processTable.ts';
import { kubeconfigOf } from './pki.ts';

function kubeletConfiguration(layout: Layout, pki: Pki): object {
  const server = pki.pair('kubelet-server');
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '0.0.0.0',
    healthzBindAddress: '127.0.0.1',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki.ca },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: server.certificate,
    tlsPrivateKeyFile: server.key,
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${layout.cgroup}`,
    cgroupsPerQOS: true,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
    podLogsDir: join(layout.home, 'pod-logs'),
    volumePluginDir: join(layout.home, 'kubelet-plugins'),
    clusterDNS: [DNS_SERVICE_ADDRESS],
    clusterDomain: 'cluster.local',
    resolvConf: join(layout.home, 'resolv.conf'),
    makeIPTablesUtilChains: false,
    maxPods: 200,
    containerLogMaxSize: '5Mi',
    containerLogMaxFiles: 2,
    // An image that was removed could not be pulled again, so a full disk must not lead to that.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
    },
  };
}

/** Writes the kubelet's configuration. */
export async function prepareKubelet(layout: Layout, pki: Pki): Promise<void> {
  // Pods that take their DNS from the node (CoreDNS does) must not learn of the machine's name servers.
  await writeFile(
    join(layout.home, 'resolv.conf'),
    '# There are no name servers outside the cluster.\n',
  );
  await mkdir(join(layout.home, 'kubelet'), { recursive: true });
  await writeFile(
    join(layout.home, 'kubelet.yaml'),
    stringify(kubeletConfiguration(layout, pki)),
  );
}

export function kubelet(options: { binDir: string; layout: Layout }): Launch {
  const { binDir, layout } = options;
  return {
    name: 'kubelet',
    command: join(binDir, 'kubelet'),
    args: [
      `--config=${join(layout.home, 'kubelet.yaml')}`,
      `--kubeconfig=${kubeconfigOf(layout, 'kubelet')}`,
      `--hostname-override=${NODE_NAME}`,
      `--node-ip=${NODE_ADDRESS}`,
      `--root-dir=${join(layout.home, 'kubelet')}`,
      `--cert-dir=${join(layout.home, 'pki')}`,
    ],
  };
}

export function kubeProxy(options: { binDir: string; layout: Layout }): Launch {
  const { binDir, layout } = options;
  return {
    name: 'kube-proxy',
    command: join(binDir, 'kube-proxy'),
    args: [
      `--kubeconfig=${kubeconfigOf(layout, 'kube-proxy')}`,
      '--proxy-mode=nftables',
      `--cluster-cidr=${POD_CIDR}`,
      `--hostname-override=${NODE_NAME}`,
      // The limit is the machine's, not the namespace's.
      '--conntrack-max-per-core=0',
      '--healthz-bind-address=127.0.0.1',
      '--metrics-bind-address=127.0.0.1',
    ],
  };
}
