import { endLeftoverBalancer, startBalancer } from '../balancer/index.ts';
import type { Instance } from '../instance/index.ts';
import type { Postgres } from '../postgres/index.ts';
import { writeLocalConfiguration } from './configuration.ts';
import type { PortalBuild } from './ensureBuild.ts';
import { Portal } from './Portal.ts';
import { layOutReplicas, writeReplicaConfiguration } from './replicas.ts';
import { endLeftoverBackends, startBackend } from './startBackend.ts';

/** Several backends behind one address. */
export type Replicas = {
  /** 2 or 3 */
  count: number;
  /** The balancer's file, see ensureHaproxy. */
  haproxy: string;
};

export type StartPortalOptions = {
  instance: Instance;
  build: PortalBuild;
  postgres: Pick<Postgres, 'host' | 'port' | 'user' | 'password'>;
  /** The address to which the datacenters dial. */
  linkAddress: string;
  /** Absent: one backend, which has the portal's address itself. */
  replicas?: Replicas;
  signal?: AbortSignal;
};

/** Ends what a crash left running of the portal, if anything. */
export async function endLeftoverPortal(stateDir: string): Promise<void> {
  await endLeftoverBalancer(stateDir);
  await endLeftoverBackends(stateDir);
}

/** Starts the portal as the instance has it, and waits until it answers; what was started before a failure is ended again. */
export async function startPortal(
  options: StartPortalOptions,
): Promise<Portal> {
  const { instance, replicas, signal } = options;
  await endLeftoverPortal(instance.stateDir);
  const portal = replicas
    ? await behindBalancer(options, replicas)
    : alone(options);
  try {
    await portal.start(signal);
  } catch (error) {
    await portal.stop();
    throw error;
  }
  return portal;
}

function alone(options: StartPortalOptions): Portal {
  const { instance, build, signal } = options;
  const { stateDir } = instance;
  const url = publicUrl(instance);
  const configFiles = writeLocalConfiguration(options);
  return new Portal({
    url,
    starters: [
      () =>
        startBackend({
          ...{ build, name: 'portal', url, configFiles, stateDir, signal },
        }),
    ],
  });
}

async function behindBalancer(
  options: StartPortalOptions,
  { count, haproxy }: Replicas,
): Promise<Portal> {
  const { instance, build, linkAddress, signal } = options;
  const { ports, stateDir } = instance;
  const { replicas, balancerHealth } = layOutReplicas(instance, count);
  const shared = writeLocalConfiguration(options);
  const balancer = await startBalancer({
    command: haproxy,
    addresses: {
      portal: { host: '127.0.0.1', port: ports.portal },
      link: { host: linkAddress, port: ports.link },
      health: balancerHealth,
    },
    replicas,
    stateDir,
  });
  const starters = replicas.map(replica => {
    const { name, portal } = replica;
    const url = `http://${portal.host}:${portal.port}`;
    const own = writeReplicaConfiguration(stateDir, replica);
    const configFiles = [...shared, own];
    return () =>
      startBackend({ build, name, url, configFiles, stateDir, signal });
  });
  return new Portal({ url: publicUrl(instance), starters, balancer });
}

function publicUrl({ ports }: Instance): string {
  return `http://localhost:${ports.portal}`;
}
