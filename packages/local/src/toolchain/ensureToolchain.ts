import path from 'node:path';
import { ensureCharts } from '../charts/ensureCharts.ts';
import { buildMissing, type BuildOptions } from './buildMissing.ts';
import { missingOf, planBuild, type BuildPlan } from './buildPlan.ts';
import { controlPlaneBinaries, operatorBinaries } from './pins.ts';
import { markUsed, removeUnused, type Toolchain } from './toolchainFolders.ts';

export type EnsureToolchainOptions = BuildOptions & { now?: () => Date };

/**
 * Everything that a local datacenter runs: binaries and charts. Minutes the first time (about 15 on two cores), no time
 * after that. An abort ends the builds and leaves what is finished.
 */
export async function ensureToolchain(
  options: EnsureToolchainOptions,
): Promise<Toolchain> {
  const toolchain = await ensureBinaries(options);
  await ensureCharts({ ...options, toolchain });
  return toolchain;
}

/** Only what a bare control plane needs, in the same place: for integration tests. */
export async function ensureControlPlaneTools(
  options: EnsureToolchainOptions,
): Promise<Toolchain> {
  return ensureBinaries(options, controlPlaneBinaries);
}

/** Only what the images for other people's clusters are made of: a few minutes instead of a quarter of an hour. */
export async function ensureOperatorTools(
  options: EnsureToolchainOptions,
): Promise<Toolchain> {
  const toolchain = await ensureBinaries(options, operatorBinaries);
  await ensureCharts({ ...options, toolchain });
  return toolchain;
}

/** Whether `ensureToolchain` would find every binary; then no Go is needed. */
export async function isToolchainBuilt(options: {
  cacheDir: string;
  env?: NodeJS.ProcessEnv;
}): Promise<boolean> {
  const { jobs } = await planBuild(options);
  return (await missingOf(jobs)).length === 0;
}

async function ensureBinaries(
  options: EnsureToolchainOptions,
  names?: readonly string[],
): Promise<Toolchain> {
  const { toolchain, jobs } = await planBuild(options);
  const wanted = jobs.filter(job => names?.includes(job.binary.name) ?? true);
  await buildMissing(options, wanted);
  await keepInUse(options, { toolchain, jobs: wanted });
  return toolchain;
}

async function keepInUse(
  { cacheDir, now = () => new Date() }: EnsureToolchainOptions,
  { toolchain, jobs }: BuildPlan,
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
