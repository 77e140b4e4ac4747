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
  findComponentsSnapshot,
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

/** Which datacenters, where they are new, start with Capsule and KubeVela installed, and what to do when nothing is there for that. */
export type FromSnapshot = {
  names: readonly string[];
  whenMissing: 'make one' | 'go without';
};

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
  fromSnapshot?: FromSnapshot;
}): Promise<RunningDatacenters> {
  const { platform, terminal, signal } = options;
  const { api, instance } = platform;
  for (const cluster of LOCAL_CLUSTERS) {
    await ensureCluster(api, cluster);
  }
  const names = LOCAL_CLUSTERS.map(cluster => cluster.name);
  const tools = await tellingPortal(platform, names, terminal, onProgress =>
    ensureDatacenterTools({ instance, terminal, signal, onProgress }),
  );

  const snapshotKey = await snapshotOf({ ...options, tools });
  const isCopy = (name: string) =>
    snapshotKey !== undefined &&
    (options.fromSnapshot?.names.includes(name) ?? false);

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
            ...(isCopy(name) && { snapshot: 'use', snapshotKey }),
            signal,
            onProgress,
          }),
        ),
    );
    datacenters.push(datacenter);
    const connected = joinAndWait({
      ...options,
      datacenter,
      tools,
      hasCapsule: isCopy(name),
    });
    // Its failure is for whoever awaits all of them, below; the next datacenter comes up regardless.
    connected.catch(() => {});
    joining.push(connected);
  }
  await Promise.all(joining);
  return { tools, datacenters };
}

async function snapshotOf(options: {
  platform: Platform;
  tools: DatacenterTools;
  terminal: Terminal;
  signal: AbortSignal;
  fromSnapshot?: FromSnapshot;
}): Promise<string | undefined> {
  const { platform, fromSnapshot } = options;
  const { instance } = platform;
  switch (fromSnapshot?.whenMissing) {
    case 'make one':
      return ensureComponentsSnapshot({ ...options, instance });
    case 'go without':
      return findComponentsSnapshot({ ...options, instance });
    default:
      return undefined;
  }
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
  hasCapsule: boolean;
}): Promise<void> {
  const { platform, terminal, signal, datacenter, tools } = options;
  const { api } = platform;
  const { name, kubeconfig } = datacenter;
  if (options.hasCapsule) {
    await untilNamespacesCanBeMade({ tools, kubeconfig, signal });
  }
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
