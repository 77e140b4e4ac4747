import { join } from 'node:path';
import type { Subject } from '../../controlplane/authority.ts';
import {
  API_SERVER_NAME,
  ensurePki,
  type Pki,
} from '../../controlplane/pki.ts';
import { writeKubeconfig } from '../../controlplane/kubeconfig.ts';
import {
  API_PORT,
  API_SERVICE_ADDRESS,
  type Layout,
  NODE_ADDRESS,
  NODE_NAME,
} from '../layout.ts';
import type { Datacenter } from '../types.ts';

/** Components that talk to the API server; each has `<name>.kubeconfig` in the datacenter's folder. */
const CLIENTS = {
  'kube-controller-manager': { commonName: 'system:kube-controller-manager' },
  'kube-scheduler': { commonName: 'system:kube-scheduler' },
  'kube-proxy': { commonName: 'system:kube-proxy' },
  kubelet: {
    commonName: `system:node:${NODE_NAME}`,
    organizations: ['system:nodes'],
  },
  controllers: { commonName: 'kubenova:datacenter-controllers' },
} satisfies Record<string, Subject>;

export function kubeconfigOf(
  layout: Layout,
  client: keyof typeof CLIENTS,
): string {
  return join(layout.home, `${client}.kubeconfig`);
}

/** Makes certificates, at the first start, and kubeconfigs. */
export async function prepareIdentities(
  datacenter: Datacenter,
  layout: Layout,
): Promise<Pki> {
  const pki = await ensurePki({
    dir: join(layout.home, 'pki'),
    addresses: ['127.0.0.1', NODE_ADDRESS, API_SERVICE_ADDRESS],
    subjects: {
      ...CLIENTS,
      'kubelet-server': {
        commonName: NODE_NAME,
        addresses: [NODE_ADDRESS],
        dnsNames: [NODE_NAME],
      },
      'kubelet-client': {
        commonName: 'kube-apiserver-kubelet-client',
        organizations: ['system:masters'],
      },
    },
  });
  for (const client of Object.keys(CLIENTS) as Array<keyof typeof CLIENTS>)
    await writeKubeconfig({
      path: kubeconfigOf(layout, client),
      name: datacenter.name,
      server: `https://127.0.0.1:${API_PORT}`,
      ca: pki.ca,
      client: pki.pair(client),
    });
  await writeKubeconfig({
    path: datacenter.kubeconfig,
    name: datacenter.name,
    // The wire's address changes with the instance, so the certificate does not name it.
    server: `https://${datacenter.nodeAddress}:${API_PORT}`,
    tlsServerName: API_SERVER_NAME,
    ca: pki.ca,
    client: pki.pair('admin'),
  });
  return pki;
}
