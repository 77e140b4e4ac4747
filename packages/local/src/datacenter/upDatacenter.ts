import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createCgroup } from './cgroups.ts';
import { prepareIdentities } from './components/pki.ts';
import { endRuntime } from './endRuntime.ts';
import { type Layout, layoutOf } from './layout.ts';
import { withDatacenterLock, withRegistryLock } from './lock.ts';
import { mountHome } from './mounts.ts';
import { createNetwork } from './network.ts';
import { ProcessTable } from './processTable.ts';
import { registerDatacenter } from './registry.ts';
import {
  report,
  type StartContext,
  type UpDatacenterOptions,
} from './start/context.ts';
import { startControlPlane } from './start/controlPlane.ts';
import { importNewImages, provideImages } from './start/images.ts';
import { startNode } from './start/node.ts';
import { startContainerRuntime } from './start/runtime.ts';
import { together } from './start/together.ts';
import { binDirOf, isUp } from './state.ts';
import type { Datacenter } from './types.ts';

/*
 * Starts a datacenter, or resumes it. Its processes are not ours: they go on when we end.
 *
 * 1. Whatever is left of an earlier run is ended first, unless all of it runs, and with the same tools: then there is
 *    only to look for images that were assembled anew.
 * 2. A start that fails or is aborted ends what it started; state stays.
 */

/** For machines that are busy with something else: a start takes some five seconds, unpacking images ten. */
const READY_TIMEOUT_MS = 300_000;

/**
 * Resolves when the node is Ready and StorageClass, load balancers and CoreDNS are in place (CoreDNS answers some
 * seconds later).
 *
 * @throws InvalidDatacenterName
 * @throws Error with the end of a component's log when it does not come up
 */
export async function upDatacenter(
  options: UpDatacenterOptions,
): Promise<Datacenter> {
  const { instance, name, toolchain, signal } = options;
  const datacenter = await withRegistryLock({ instance, signal }, () =>
    registerDatacenter(instance, name),
  );
  const context: StartContext = {
    ...options,
    datacenter,
    layout: layoutOf(instance, datacenter),
    table: new ProcessTable(datacenter),
    signal: AbortSignal.any([signal, AbortSignal.timeout(READY_TIMEOUT_MS)]),
  };
  await withDatacenterLock({ instance, name, signal }, async () => {
    if (isUp(datacenter) && binDirOf(datacenter) === toolchain.binDir) {
      await importNewImages(context);
      return;
    }
    await endRuntime(instance, datacenter);
    try {
      await start(context);
    } catch (error) {
      await endRuntime(instance, datacenter);
      throw error;
    }
  });
  return datacenter;
}

async function start(context: StartContext): Promise<void> {
  const { datacenter, layout } = context;
  report(context, 'network', `Making the network ${datacenter.netns}`);
  await createNetwork(datacenter);
  await createCgroup(layout.cgroup);
  await mountHome(layout.dir, layout.home);
  await startLogs(layout);
  const pki = await prepareIdentities(datacenter, layout);
  await provideImages(context);
  await together(context.signal, [
    signal => startContainerRuntime({ ...context, signal }),
    signal => startControlPlane({ ...context, signal }, pki),
  ]);
  await startNode(context, pki);
}

/** Logs of the last two runs are kept. */
async function startLogs(layout: Layout): Promise<void> {
  const logs = join(layout.home, 'log');
  await rm(`${logs}.previous`, { recursive: true, force: true });
  const isFirst = await access(logs).then(
    () => false,
    () => true,
  );
  if (!isFirst) await rename(logs, `${logs}.previous`);
  await mkdir(logs);
}
