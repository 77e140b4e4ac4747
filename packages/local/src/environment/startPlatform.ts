import { ensureMachineNetwork, type Instance } from '../instance/index.ts';
import {
  endLeftoverPortal,
  ensurePortalBuild,
  startPortal,
  writeLocalConfiguration,
  type Portal,
} from '../portal/index.ts';
import { startPostgres, type Postgres } from '../postgres/index.ts';
import { PortalApi } from '../seed/index.ts';
import type { Terminal } from '../terminal/steps.ts';

/** Postgres, and the portal on top of it. */
export type Platform = {
  instance: Instance;
  url: string;
  api: PortalApi;
  /** Changes when the portal is started anew. */
  portal: Portal;
  postgres: Postgres;
  /** Starts the portal once more after it was ended. */
  restartPortal(): Promise<void>;
  /** Ends the portal, then Postgres. */
  stop(): Promise<void>;
};

/** Starts what a person needs to open the portal; whatever was started before a failure is ended again. */
export async function startPlatform(options: {
  instance: Instance;
  terminal: Terminal;
  signal: AbortSignal;
}): Promise<Platform> {
  const { instance, terminal, signal } = options;
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
    const configFiles = writeLocalConfiguration({
      instance,
      postgres,
      linkAddress,
    });
    const url = `http://localhost:${instance.ports.portal}`;
    const { stateDir } = instance;
    const start = () =>
      startPortal({ build, url, configFiles, stateDir, signal });
    const portal = await terminal.step('Starting the portal', start);
    const platform: Platform = {
      instance,
      url,
      api: new PortalApi({ url }),
      portal,
      postgres,
      async restartPortal() {
        platform.portal = await start();
      },
      async stop() {
        await platform.portal.stop();
        await postgres.stop();
      },
    };
    return platform;
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
