import { ensureMachineNetwork, type Instance } from '../instance/index.ts';
import {
  endLeftoverPortal,
  ensurePortalBuild,
  startPortal,
  type Portal,
  type Replicas,
} from '../portal/index.ts';
import { startPostgres, type Postgres } from '../postgres/index.ts';
import { PortalApi } from '../seed/index.ts';
import type { Terminal } from '../terminal/steps.ts';

/** Postgres, and the portal on top of it. */
export type Platform = {
  instance: Instance;
  url: string;
  api: PortalApi;
  portal: Portal;
  postgres: Postgres;
  /** Ends the portal, then Postgres. */
  stop(): Promise<void>;
};

/** Starts what a person needs to open the portal; whatever was started before a failure is ended again. */
export async function startPlatform(options: {
  instance: Instance;
  terminal: Terminal;
  signal: AbortSignal;
  /** Absent: one backend. */
  replicas?: Replicas;
}): Promise<Platform> {
  const { instance, terminal, signal, replicas } = options;
  // A portal that a crash left running goes before the Postgres that it uses.
  await endLeftoverPortal(instance.stateDir);
  const { linkAddress } = await ensureMachineNetwork(instance);
  const postgres = await terminal.step('Starting Postgres', async detail => {
    const started = await startPostgres({
      dir: `${instance.stateDir}/postgres`,
      port: instance.ports.postgres,
    });
    detail(`${started.host}:${started.port}`);
    return started;
  });
  try {
    const build = await terminal.step('Building the portal', async detail => {
      detail('already built from these sources');
      const { root } = instance;
      return ensurePortalBuild({
        root,
        signal,
        onBuild: () => detail('built'),
      });
    });
    const title = replicas
      ? `Starting ${replicas.count} replicas of the portal`
      : 'Starting the portal';
    const portal = await terminal.step(title, () =>
      startPortal({
        ...{ instance, build, postgres, linkAddress, replicas, signal },
      }),
    );
    const { url } = portal;
    return {
      instance,
      url,
      api: new PortalApi({ url }),
      portal,
      postgres,
      async stop() {
        await portal.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
