/**
 * Builds what is missing of the pinned toolchain, and only that.
 *
 * T1. The quick look (is every file there?) needs no lock, no Go and no process: a second start costs milliseconds.
 * T2. Everything that writes runs under the cache's lock, and looks again once it has it: another start may have built.
 * T3. A binary is linked into the toolchain as soon as it is built, so a start that was cut off goes on where it stood.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureCharts } from '../charts/ensureCharts.ts';
import type { OnProgress } from '../progress.ts';
import { withCacheLock } from './cacheLock.ts';
import { goBuild } from './goBuild.ts';
import {
  controlPlaneBinaries,
  operatorBinaries,
  toolSets,
  type ToolBinary,
  type ToolSet,
} from './pins.ts';
import {
  exists,
  goCacheDir,
  linkBinary,
  markUsed,
  removeUnused,
  toolchainOf,
  toolSetDir,
  type Toolchain,
} from './toolchainFolders.ts';
import { toolchainKey, toolSetKey, toolSetsSource } from './toolchainKey.ts';

export type EnsureToolchainOptions = {
  cacheDir: string;
  signal: AbortSignal;
  onProgress?: OnProgress;
  env?: NodeJS.ProcessEnv;
  now?: () => Date;
};

/** One binary: its set, where it is built to, and where the toolchain has it. */
type Job = {
  set: ToolSet;
  setKey: string;
  binary: ToolBinary;
  built: string;
  target: string;
};

/**
 * Everything that a local datacenter runs: binaries and charts. Minutes the first time (about 15 on two cores), no time
 * after that. An abort ends the builds and leaves what is finished.
 */
export async function ensureToolchain(
  options: EnsureToolchainOptions,
): Promise<Toolchain> {
  const { toolchain, jobs } = await plan(options);
  await buildMissing(options, jobs);
  await ensureCharts({ ...options, toolchain });
  await keepInUse(options, toolchain, jobs);
  return toolchain;
}

/** Only what a bare control plane needs, in the same place: for integration tests. */
export async function ensureControlPlaneTools(
  options: EnsureToolchainOptions,
): Promise<Toolchain> {
  return ensurePart(options, controlPlaneBinaries);
}

/** Only what the images for other people's clusters are made of: a few minutes instead of a quarter of an hour. */
export async function ensureOperatorTools(
  options: EnsureToolchainOptions,
): Promise<Toolchain> {
  const toolchain = await ensurePart(options, operatorBinaries);
  await ensureCharts({ ...options, toolchain });
  return toolchain;
}

async function ensurePart(
  options: EnsureToolchainOptions,
  names: readonly string[],
): Promise<Toolchain> {
  const { toolchain, jobs } = await plan(options);
  const wanted = jobs.filter(job => names.includes(job.binary.name));
  await buildMissing(options, wanted);
  await keepInUse(options, toolchain, wanted);
  return toolchain;
}

/** Whether `ensureToolchain` would find every binary; then no Go is needed. */
export async function isToolchainBuilt(options: {
  cacheDir: string;
  env?: NodeJS.ProcessEnv;
}): Promise<boolean> {
  const { jobs } = await plan(options);
  return (await missingOf(jobs)).length === 0;
}

async function plan(options: {
  cacheDir: string;
  env?: NodeJS.ProcessEnv;
}): Promise<{ toolchain: Toolchain; jobs: Job[] }> {
  const env = options.env ?? process.env;
  const setKeys = new Map<string, string>();
  for (const set of toolSets) {
    setKeys.set(set.name, await toolSetKey(set));
  }
  const toolchain = toolchainOf(
    options.cacheDir,
    toolchainKey(setKeys, {
      capsuleProxy: env.KUBENOVA_CAPSULE_PROXY_BINARY ? 'given' : 'stand-in',
    }),
  );
  const jobs = toolSets.flatMap(set => {
    const setKey = setKeys.get(set.name)!;
    const dir = toolSetDir(options.cacheDir, set, setKey);
    return set.binaries.map(binary => ({
      set,
      setKey,
      binary,
      built: path.join(dir, binary.name),
      target: path.join(toolchain.binDir, binary.name),
    }));
  });
  return { toolchain, jobs };
}

async function missingOf(jobs: readonly Job[]): Promise<Job[]> {
  const there = await Promise.all(jobs.map(job => exists(job.target)));
  return jobs.filter((_, index) => !there[index]);
}

async function buildMissing(
  options: EnsureToolchainOptions,
  jobs: readonly Job[],
): Promise<void> {
  options.signal.throwIfAborted();
  if ((await missingOf(jobs)).length === 0) {
    return;
  }
  const report = (index: number, message: string) =>
    options.onProgress?.({
      step: 'toolchain',
      index,
      total: jobs.length,
      message,
    });
  const onWait = () =>
    report(1, 'Waiting for another KubeNova on this machine to finish building');
  await withCacheLock({ ...options, onWait }, async () => {
    const missing = await missingOf(jobs);
    for (const job of missing) {
      report(
        jobs.indexOf(job) + 1,
        `Building ${job.binary.name} ${job.set.version}`,
      );
      await buildOne(options, job);
      await dropGoCacheOfCompleteSet(options.cacheDir, job);
    }
  });
}

async function buildOne(
  { cacheDir, signal, env = process.env }: EnsureToolchainOptions,
  { set, binary, built, target }: Job,
): Promise<void> {
  if (!(await exists(built))) {
    await goBuild({
      set,
      binary,
      moduleDir: path.join(toolSetsSource, set.name),
      target: built,
      goCache: env.KUBENOVA_KEEP_GOCACHE ? undefined : goCacheDir(cacheDir, set),
      signal,
    });
  }
  await linkBinary(built, target);
}

/** Go's cache of one set takes gigabytes; it serves the rest of the set, and nothing after that. */
async function dropGoCacheOfCompleteSet(
  cacheDir: string,
  { set, built }: Job,
): Promise<void> {
  const dir = path.dirname(built);
  const there = await Promise.all(
    set.binaries.map(({ name }) => exists(path.join(dir, name))),
  );
  if (there.every(Boolean)) {
    await rm(goCacheDir(cacheDir, set), { recursive: true, force: true });
  }
}

async function keepInUse(
  { cacheDir, now = () => new Date() }: EnsureToolchainOptions,
  toolchain: Toolchain,
  jobs: readonly Job[],
): Promise<void> {
  const inUse = new Set([
    path.dirname(toolchain.binDir),
    ...jobs.map(job => path.dirname(job.built)),
  ]);
  for (const dir of inUse) {
    await markUsed(dir, now());
  }
  await removeUnused(cacheDir, now());
}
