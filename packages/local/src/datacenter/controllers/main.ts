import { CoreV1Api } from '@kubernetes/client-node';
import { loadKubeconfig } from '../kubeClient.ts';
import { LOAD_BALANCER_POOL } from '../layout.ts';
import { ProcessTable } from '../processTable.ts';
import { keepRunning } from './keepRunning.ts';
import { LoadBalancers } from './loadBalancers.ts';
import { Volumes } from './volumes.ts';
import { watchAll } from './watchAll.ts';

/*
 * The process beside each datacenter that does what a cloud provider would: it makes volumes, hands out addresses for
 * load balancers, and starts components again that have ended. It runs in the datacenter's network, so a cut wire does
 * not stop it.
 */

function demanded(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

function log(message: string): void {
  console.log(`${new Date().toISOString()} ${message}`);
}

const ending = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => ending.abort());

const kubeConfig = loadKubeconfig(demanded('KUBECONFIG'));
const api = kubeConfig.makeApiClient(CoreV1Api);
const table = new ProcessTable({
  dir: demanded('DATACENTER_DIR'),
  netns: demanded('DATACENTER_NETNS'),
});
const volumes = new Volumes({ api, dir: demanded('VOLUMES_DIR') });
const subnet = demanded('NODE_WIRE_ADDRESS').split('.').slice(0, 3).join('.');
const loadBalancers = new LoadBalancers({
  api,
  pool: { prefix: subnet, ...LOAD_BALANCER_POOL },
});
const common = { kubeConfig, signal: ending.signal, log };

watchAll({
  ...common,
  path: '/api/v1/persistentvolumeclaims',
  list: () => api.listPersistentVolumeClaimForAllNamespaces(),
  onChange: async claims => {
    for (const claim of claims) await volumes.provision(claim);
  },
});
watchAll({
  ...common,
  path: '/api/v1/persistentvolumes',
  list: () => api.listPersistentVolume(),
  onChange: async released => {
    for (const volume of released) await volumes.reclaim(volume);
  },
});
watchAll({
  ...common,
  path: '/api/v1/services',
  list: () => api.listServiceForAllNamespaces(),
  onChange: services => loadBalancers.reconcile(services),
});
await keepRunning({ table, signal: ending.signal, log });
process.exit(0);
