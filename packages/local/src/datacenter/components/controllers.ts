import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Layout } from '../layout.ts';
import type { Launch } from '../processTable.ts';
import type { Datacenter } from '../types.ts';
import { kubeconfigOf } from './pki.ts';

const MAIN = fileURLToPath(new URL('../controllers/main.ts', import.meta.url));

/** The process of our own controllers: volumes, load balancers, and starting again what has ended. */
export function controllers(datacenter: Datacenter, layout: Layout): Launch {
  return {
    name: 'controllers',
    command: process.execPath,
    args: [MAIN],
    env: {
      KUBECONFIG: kubeconfigOf(layout, 'controllers'),
      DATACENTER_DIR: layout.home,
      DATACENTER_NETNS: datacenter.netns,
      // As kept between runs: paths in `home` are not the same after a move to another instance.
      VOLUMES_DIR: join(layout.dir, 'volumes'),
      NODE_WIRE_ADDRESS: datacenter.nodeAddress,
    },
  };
}
