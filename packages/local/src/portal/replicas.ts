import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { BalancedReplica } from '../balancer/index.ts';
import { portsOf, type Instance } from '../instance/index.ts';
import type { Address } from '../processes/address.ts';

/** The ports of an instance suffice for so many. */
export const MAX_REPLICAS = 3;

/** Between a replica's saying that it is not ready and its taking no more requests: the balancer looks twice a second. */
const SHUTDOWN_DELAY_MS = 2_000;

/** Where the replicas of an instance listen, on loopback: the addresses that others know are the balancer's. */
export type ReplicaLayout = {
  replicas: BalancedReplica[];
  balancerHealth: Address;
};

/**
 * The same at every call: the ports of the instance's network that are not its own.
 *
 * @param count from 1 to MAX_REPLICAS
 */
export function layOutReplicas(
  instance: Instance,
  count: number,
): ReplicaLayout {
  const own = Object.values(instance.ports);
  const left = portsOf(instance.network).filter(port => !own.includes(port));
  const address = (index: number) => ({ host: '127.0.0.1', port: left[index] });
  return {
    balancerHealth: address(0),
    replicas: Array.from({ length: count }, (_, index) => ({
      name: `portal-${index + 1}`,
      portal: address(1 + 2 * index),
      link: address(2 + 2 * index),
    })),
  };
}

/**
 * Writes what one replica has for itself, to be read after what it shares with the others.
 *
 * @returns the file
 */
export function writeReplicaConfiguration(
  stateDir: string,
  replica: BalancedReplica,
): string {
  const file = path.join(stateDir, `app-config.${replica.name}.yaml`);
  const { portal, link } = replica;
  const configuration = {
    backend: {
      listen: { host: portal.host, port: portal.port },
      lifecycle: {
        serverShutdownDelay: { milliseconds: SHUTDOWN_DELAY_MS },
      },
    },
    kubenova: { link: { listen: `${link.host}:${link.port}` } },
  };
  writeFileSync(file, stringify(configuration));
  return file;
}
