import { clearLeftovers } from '../datacenter/index.ts';
import { removeMachineNetwork, type Instance } from '../instance/index.ts';
import type { Replicas } from '../portal/index.ts';
import {
  ensureSampleApplication,
  ensureSampleTenant,
  SAMPLE_APPLICATION,
  SAMPLE_TENANT,
} from '../seed/index.ts';
import { mustRun } from '../processes/runCommand.ts';
import { waitUntil } from '../processes/waitUntil.ts';
import type { Terminal } from '../terminal/steps.ts';
import { stillMissing } from './datacenterTools.ts';
import {
  LOCAL_CLUSTERS,
  startDatacenters,
  stopDatacenters,
  type FromSnapshot,
  type RunningDatacenters,
} from './startDatacenters.ts';
import { startPlatform, type Platform } from './startPlatform.ts';

/** What a start is measured by: milliseconds since the function was called. */
export type Milestones = {
  portalUsable: number;
  datacentersConnected?: number;
  applicationAnswering?: number;
};

export type RunningKubeNova = {
  platform: Platform;
  milestones: Milestones;
  /** Ends everything that was started, and keeps its state. */
  stop(): Promise<void>;
};

export type StartOptions = {
  instance: Instance;
  terminal: Terminal;
  signal: AbortSignal;
  /** Absent: one backend. */
  replicas?: Replicas;
};

/** Ends what a crash of this instance left running, and starts the portal. */
export async function startPortalOnly(
  options: StartOptions,
): Promise<RunningKubeNova> {
  const { instance, terminal } = options;
  const started = performance.now();
  for (const leftover of await clearLeftovers(instance)) {
    terminal.say(`Cleared after a crash: ${leftover}`);
  }
  let platform: Platform;
  try {
    platform = await startPlatform(options);
  } catch (error) {
    await removeMachineNetwork(instance);
    throw error;
  }
  return {
    platform,
    milestones: { portalUsable: performance.now() - started },
    async stop() {
      await terminal.step('Stopping', async () => {
        await Promise.all([stopDatacenters(instance), platform.stop()]);
        await removeMachineNetwork(instance);
      });
    },
  };
}

/**
 * Adds to a running portal what `./kubenova start` shows: two datacenters, a tenant in both of them and an application.
 *
 * @returns undefined where the machine can't run datacenters; what is missing has been said then
 */
export async function addDatacenters(
  kubenova: RunningKubeNova,
  options: StartOptions & {
    started: number;
    /** Default: all of them, if a snapshot was made before. */
    fromSnapshot?: FromSnapshot;
  },
): Promise<RunningDatacenters | undefined> {
  const { terminal, signal, started, fromSnapshot } = options;
  const { platform, milestones } = kubenova;
  const missing = await stillMissing(options);
  if (missing.length > 0) {
    terminal.say('This machine cannot run datacenters of its own:');
    missing.forEach(({ what, how }) => terminal.say(`  ${what}: ${how}`));
    terminal.say(
      `You can join a cluster that you have: ${platform.url}/datacenters shows how.`,
    );
    return undefined;
  }
  const running = await startDatacenters({
    platform,
    terminal,
    signal,
    fromSnapshot: fromSnapshot ?? {
      names: LOCAL_CLUSTERS.map(({ name }) => name),
      whenMissing: 'go without',
    },
  });
  milestones.datacentersConnected = performance.now() - started;
  return running;
}

/** The tenant and the application, all the way to an answer by HTTP. */
export async function addSample(
  kubenova: RunningKubeNova,
  running: RunningDatacenters,
  options: StartOptions & { started: number },
): Promise<void> {
  const { terminal, signal, started } = options;
  const { api } = kubenova.platform;
  const clusters = LOCAL_CLUSTERS.map(({ name }) => name);
  await terminal.step(`Placing the tenant ${SAMPLE_TENANT}`, () =>
    ensureSampleTenant({ api, clusters, signal }),
  );
  const { name, form } = SAMPLE_APPLICATION;
  await terminal.step(`Deploying ${name} to ${clusters[0]}`, async detail => {
    await ensureSampleApplication({ api, cluster: clusters[0], signal });
    const service = `services/${name}:${form.port}/proxy/status/200`;
    const url = `/api/v1/namespaces/${SAMPLE_TENANT}-apps/${service}`;
    const { kubeconfig } = running.datacenters[0];
    const kubectl = `${running.tools.toolchain.binDir}/kubectl`;
    const what = `${name} to answer HTTP`;
    await waitUntil({ what, limitMs: 300_000, signal }, () =>
      mustRun(kubectl, ['--kubeconfig', kubeconfig, 'get', '--raw', url]),
    );
    detail('answers HTTP');
  });
  kubenova.milestones.applicationAnswering = performance.now() - started;
}
