import { join } from 'node:path';
import {
  apiServerArguments,
  etcdArguments,
} from '../../controlplane/arguments.ts';
import type { Pki } from '../../controlplane/pki.ts';
import {
  API_PORT,
  ETCD_PEER_PORT,
  ETCD_PORT,
  type Layout,
  NODE_ADDRESS,
  POD_CIDR,
  SERVICE_CIDR,
} from '../layout.ts';
import type { Launch } from '../processTable.ts';
import { kubeconfigOf } from './pki.ts';

type Options = { binDir: string; layout: Layout; pki: Pki };

export function etcd({ binDir, layout, pki }: Options): Launch {
  return {
    name: 'etcd',
    command: join(binDir, 'etcd'),
    args: etcdArguments({
      pki,
      dataDir: join(layout.home, 'etcd'),
      clientPort: ETCD_PORT,
      peerPort: ETCD_PEER_PORT,
    }),
  };
}

export function apiServer({ binDir, pki }: Options): Launch {
  const kubeletClient = pki.pair('kubelet-client');
  return {
    name: 'kube-apiserver',
    command: join(binDir, 'kube-apiserver'),
    args: [
      ...apiServerArguments({
        pki,
        etcdPort: ETCD_PORT,
        bindAddress: '0.0.0.0',
        port: API_PORT,
        authorizationMode: 'Node,RBAC',
      }),
      '--enable-admission-plugins=NodeRestriction',
      // Where pods find the Service `kubernetes`.
      `--advertise-address=${NODE_ADDRESS}`,
      `--service-cluster-ip-range=${SERVICE_CIDR}`,
      // Logs and exec go to the kubelet, which is asked for by address, as nothing resolves the node's name.
      '--kubelet-preferred-address-types=InternalIP',
      `--kubelet-certificate-authority=${pki.ca}`,
      `--kubelet-client-certificate=${kubeletClient.certificate}`,
      `--kubelet-client-key=${kubeletClient.key}`,
    ],
  };
}

export function controllerManager({ binDir, layout, pki }: Options): Launch {
  const kubeconfig = kubeconfigOf(layout, 'kube-controller-manager');
  return {
    name: 'kube-controller-manager',
    command: join(binDir, 'kube-controller-manager'),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${pki.serviceAccountKey}`,
      `--root-ca-file=${pki.ca}`,
      `--cluster-signing-cert-file=${pki.ca}`,
      `--cluster-signing-key-file=${pki.caKey}`,
      '--use-service-account-credentials',
      '--leader-elect=false',
      '--allocate-node-cidrs',
      `--cluster-cidr=${POD_CIDR}`,
      `--service-cluster-ip-range=${SERVICE_CIDR}`,
      '--bind-address=127.0.0.1',
      '--profiling=false',
    ],
  };
}

export function scheduler({ binDir, layout }: Options): Launch {
  const kubeconfig = kubeconfigOf(layout, 'kube-scheduler');
  return {
    name: 'kube-scheduler',
    command: join(binDir, 'kube-scheduler'),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      '--profiling=false',
    ],
  };
}
