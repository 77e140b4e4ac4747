import path from 'node:path';
import { toolSets, type ToolBinary, type ToolSet } from './pins.ts';
import {
  exists,
  toolchainOf,
  toolSetDir,
  type Toolchain,
} from './toolchainFolders.ts';
import { toolchainKey, toolSetKey, toolSetsSource } from './toolchainKey.ts';

/** One binary to have: what it is made of, where it is built to, and where the toolchain has it. */
export type BuildJob = {
  set: ToolSet;
  moduleDir: string;
  binary: ToolBinary;
  built: string;
  target: string;
};

export type BuildPlan = { toolchain: Toolchain; jobs: BuildJob[] };

export type BuildPlanOptions = {
  cacheDir: string;
  env?: NodeJS.ProcessEnv;
  /** By default the pinned ones and their folders. */
  sets?: readonly ToolSet[];
  sourceDir?: string;
};

/** What the pins come to in this cache. Reads go.mod files and the like; starts nothing. */
export async function planBuild(options: BuildPlanOptions): Promise<BuildPlan> {
  const {
    cacheDir,
    env = process.env,
    sets = toolSets,
    sourceDir = toolSetsSource,
  } = options;
  const keyed = await Promise.all(
    sets.map(async set => ({ set, setKey: await toolSetKey(set, sourceDir) })),
  );
  const toolchain = toolchainOf(
    cacheDir,
    toolchainKey(new Map(keyed.map(({ set, setKey }) => [set.name, setKey])), {
      // A real capsule-proxy gets rights from its chart that the stand-in does not get.
      capsuleProxy: env.KUBENOVA_CAPSULE_PROXY_BINARY ? 'given' : 'stand-in',
    }),
  );
  const jobs = keyed.flatMap(({ set, setKey }) =>
    set.binaries.map(binary => ({
      set,
      moduleDir: path.join(sourceDir, set.name),
      binary,
      built: path.join(toolSetDir(cacheDir, set, setKey), binary.name),
      target: path.join(toolchain.binDir, binary.name),
    })),
  );
  return { toolchain, jobs };
}

export async function missingOf(
  jobs: readonly BuildJob[],
): Promise<BuildJob[]> {
  const there = await Promise.all(jobs.map(job => exists(job.target)));
  return jobs.filter((_, index) => !there[index]);
}
