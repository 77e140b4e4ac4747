import type { CreateClusterRequest } from '@kubenova/plugin-kubenova-common';
import {
  downDatacenter,
  STORAGE_CLASS,
  upDatacenter,
  type Datacenter,
} from '../datacenter/index.ts';
import type { Instance } from '../instance/index.ts';
import type { OnProgress, Progress } from '../progress.ts';
import {
  ensureCluster,
  joinCluster,
  ProgressTold,
  untilConnected,
} from '../seed/index.ts';
import type { Terminal } from '../terminal/steps.ts';
import {
  ensureDatacenterTools,
  type DatacenterTools,
} from './datacenterTools.ts';
import {
  ensureComponentsSnapshot,
  untilNamespacesCanBeMade,
} from './componentsSnapshot.ts';
import type { Platform } from './startPlatform.ts';

/** The datacenters that every local KubeNova has. */
export const LOCAL_CLUSTERS: CreateClusterRequest[] = [
  { name: 'fra1', datacenter: 'Frankfurt' },
  { name: 'ams1', datacenter: 'Amsterdam' },
].map(cluster => ({
  ...cluster,
  config: { targetStorageClass: STORAGE_CLASS },
}));

export type RunningDatacenters = {
  tools: DatacenterTools;
  datacenters: Datacenter[];
};

/**
 * Registers the local clusters, brings their datacenters up one after another and joins each as soon as it is there.
 * Resolves when all of them are connected. Meanwhile the portal is told what they are waiting for.
 */
export async function startDatacenters(options: {
  platform: Platform;
  terminal: Terminal;
  signal: AbortSignal;
  /** Those that start with Capsule and KubeVela installed, where they are new. */
  fromSnapshot?: readonly string[];
}): Promise<RunningDatacenters> {
  const { platform, terminal, signal, fromSnapshot = [] } = options;
  const { api, instance } = platform;
  for (const cluster of LOCAL_CLUSTERS) {
    await ensureCluster(api, cluster);
  }
  const names = LOCAL_CLUSTERS.map(cluster => cluster.name);
  const tools = await tellingPortal(platform, names, terminal, onProgress =>
    ensureDatacenterTools({ instance, terminal, signal, onProgress }),
  );

  const snapshotKey = fromSnapshot.length
    ? await ensureComponentsSnapshot({ instance, tools, terminal, signal })
    : undefined;

  const datacenters: Datacenter[] = [];
  const joining: Array<Promise<unknown>> = [];
  for (const name of names) {
    const datacenter = await tellingPortal(
      platform,
      [name],
      terminal,
      onProgress =>
        terminal.step(`Bringing up the datacenter ${name}`, () =>
          upDatacenter({
            instance,
            name,
            ...tools,
            ...(fromSnapshot.includes(name) && {
              snapshot: 'use',
              snapshotKey,
            }),
            signal,
            onProgress,
          }),
        ),
    );
    datacenters.push(datacenter);
    if (fromSnapshot.includes(name)) {
      const { kubeconfig } = datacenter;
      await untilNamespacesCanBeMade({ tools, kubeconfig, signal });
    }
    const connected = joinAndWait({ ...options, datacenter, tools });
    // Its failure is for whoever awaits all of them, below; the next datacenter comes up regardless.
    connected.catch(() => {});
    joining.push(connected);
  }
  await Promise.all(joining);
  return { tools, datacenters };
}

/** Ends the local datacenters and keeps their state. */
export async function stopDatacenters(instance: Instance): Promise<void> {
  await Promise.all(
    LOCAL_CLUSTERS.map(({ name }) => downDatacenter({ instance, name })),
  );
}

async function joinAndWait(options: {
  platform: Platform;
  terminal: Terminal;
  signal: AbortSignal;
  datacenter: Datacenter;
  tools: DatacenterTools;
}): Promise<void> {
  const { platform, terminal, signal, datacenter, tools } = options;
  const { api } = platform;
  const { name, kubeconfig } = datacenter;
  await terminal.step(`Joining ${name}`, async detail => {
    const cluster = await api.getCluster(name);
    if (!cluster) {
      throw new Error(`The cluster ${name} was deleted while it came up`);
    }
    const { binDir } = tools.toolchain;
    detail(await joinCluster({ api, cluster, kubeconfig, binDir, signal }));
  });
  await terminal.step(`Waiting for ${name} to be connected`, () =>
    untilConnected(api, name, signal),
  );
}

/** Runs something whose progress goes to the terminal and to the pages of the named clusters. */
async function tellingPortal<T>(
  platform: Platform,
  clusters: string[],
  terminal: Terminal,
  run: (onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  const told = new ProgressTold({ api: platform.api, clusters });
  let lastMessage = '';
  const result = await run((progress: Progress) => {
    told.tell(progress);
    if (progress.message !== lastMessage) {
      lastMessage = progress.message;
      terminal.say(`  ${clusters.join(', ')}: ${progress.message}`);
    }
  });
  await told.told();
  return result;
}
