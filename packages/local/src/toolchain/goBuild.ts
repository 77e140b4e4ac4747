import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { mustRun } from '../processes/runCommand.ts';
import type { ToolBinary, ToolSet } from './pins.ts';

export type GoBuildOptions = {
  set: ToolSet;
  binary: ToolBinary;
  /** The set's folder with its go.mod. */
  moduleDir: string;
  /** The finished binary; it appears whole or not at all. */
  target: string;
  /** Go's build cache; undefined leaves Go's default. */
  goCache?: string;
  signal: AbortSignal;
};

/**
 * How a build runs beside other things: it takes minutes and gives way to the portal, which a person may be using
 * meanwhile, and it ends when we are killed and can no longer end it.
 */
const beside = ['--pdeathsig', 'KILL', 'nice', '-n', '10'];

/** Builds one static binary of a tool set. */
export async function goBuild(options: GoBuildOptions): Promise<void> {
  const { set, binary, target } = options;
  await mkdir(path.dirname(target), { recursive: true });
  // Only the holder of the cache's lock builds, so a leftover of this name is from a build that was cut off.
  const unfinished = `${target}.unfinished`;
  try {
    await mustRun(
      'setpriv',
      [
        ...beside,
        'go',
        'build',
        ...buildFlags(set),
        '-o',
        unfinished,
        binary.package,
      ],
      {
        cwd: options.moduleDir,
        env: goEnvironment(options.goCache),
        signal: options.signal,
      },
    );
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await rename(unfinished, target);
}

/** The flags that shape a set's binaries; part of its key, since they follow from its pin. */
export function buildFlags(set: ToolSet): string[] {
  const stamps = Object.entries(set.stamps ?? {}).map(
    ([variable, value]) => `-X ${variable}=${value}`,
  );
  return [
    ...(set.tags ? ['-tags', set.tags.join(' ')] : []),
    '-ldflags',
    ['-s -w', ...stamps].join(' '),
  ];
}

/**
 * The environment of every call of Go. GOTOOLCHAIN=local: a Go that is too old is said, not replaced by a download.
 * Settings of the person's own that change what is built (GOFLAGS, GOWORK) are overruled.
 */
export function goEnvironment(goCache?: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CGO_ENABLED: '0',
    GOFLAGS: '-trimpath -buildvcs=false',
    GOWORK: 'off',
    GOTOOLCHAIN: 'local',
    ...(goCache ? { GOCACHE: goCache } : {}),
  };
}
