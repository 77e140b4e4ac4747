/**
 * Builds those binaries of a plan that are not there.
 *
 * T1. The quick look (is every file there?) needs no lock, no Go and no process: a second start costs milliseconds.
 * T2. Everything that writes runs under the cache's lock, and looks again once it has it: another start may have built.
 * T3. A binary is linked into the toolchain as soon as it is built, so a start that was cut off goes on where it stood.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { OnProgress } from '../progress.ts';
import { missingOf, type BuildJob } from './buildPlan.ts';
import { withCacheLock } from './cacheLock.ts';
import { goBuild } from './goBuild.ts';
import { exists, goCacheDir, linkBinary } from './toolchainFolders.ts';

export type BuildOptions = {
  cacheDir: string;
  signal: AbortSignal;
  onProgress?: OnProgress;
  /** KUBENOVA_KEEP_GOCACHE=1 builds with Go's default cache and keeps it, for work on the toolchain itself. */
  env?: NodeJS.ProcessEnv;
};

export async function buildMissing(
  options: BuildOptions,
  jobs: readonly BuildJob[],
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
    report(
      1,
      'Waiting for another KubeNova on this machine to finish building',
    );
  await withCacheLock({ ...options, onWait }, async () => {
    for (const job of await missingOf(jobs)) {
      // Another toolchain that pins the same may have built it.
      if (!(await exists(job.built))) {
        report(
          jobs.indexOf(job) + 1,
          `Building ${job.binary.name} ${job.set.version}`,
        );
        await buildOne(options, job);
      }
      await linkBinary(job.built, job.target);
      await dropGoCacheOfCompleteSet(options.cacheDir, job);
    }
  });
}

function buildOne(
  { cacheDir, signal, env = process.env }: BuildOptions,
  { set, moduleDir, binary, built }: BuildJob,
): Promise<void> {
  const keepGoCache = env.KUBENOVA_KEEP_GOCACHE === '1';
  return goBuild({
    set,
    binary,
    moduleDir,
    target: built,
    goCache: keepGoCache ? undefined : goCacheDir(cacheDir, set),
    signal,
  });
}

/** Go's cache of one set takes gigabytes; it serves the rest of the set, and nothing after that. */
async function dropGoCacheOfCompleteSet(
  cacheDir: string,
  { set, built }: BuildJob,
): Promise<void> {
  const dir = path.dirname(built);
  const there = await Promise.all(
    set.binaries.map(({ name }) => exists(path.join(dir, name))),
  );
  if (there.every(Boolean)) {
    await rm(goCacheDir(cacheDir, set), { recursive: true, force: true });
  }
}
