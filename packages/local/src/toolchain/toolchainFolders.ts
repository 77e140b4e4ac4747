/**
 * Where the toolchain lies in the cache.
 *
 *     <cacheDir>/toolsets/<set>/<set key>/<binary>   what was built, shared by all toolchains that pin the same
 *     <cacheDir>/toolchain/<key>/bin/<binary>        one checkout's toolchain: hard links to the above
 *     <cacheDir>/toolchain/<key>/{charts,images}/    what is made of it
 *     <cacheDir>/go-build/<set>/                     Go's build cache of a set that is not complete yet
 *
 * F1. A file is there whole or not at all (built beside its place, then renamed), so being there is the only mark.
 * F2. Two pins that differ in one set share the binaries of all others.
 */
import {
  access,
  link,
  mkdir,
  readdir,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import path from 'node:path';
import type { ToolSet } from './pins.ts';

/** A complete toolchain, or the part of it that a control plane needs. */
export type Toolchain = {
  key: string;
  binDir: string;
  chartsDir: string;
  imagesDir: string;
};

/** A set or a toolchain that no checkout has used for this long is removed. */
const unusedMilliseconds = 7 * 24 * 60 * 60 * 1000;

export function toolchainOf(cacheDir: string, key: string): Toolchain {
  const dir = path.join(cacheDir, 'toolchain', key);
  return {
    key,
    binDir: path.join(dir, 'bin'),
    chartsDir: path.join(dir, 'charts'),
    imagesDir: path.join(dir, 'images'),
  };
}

export function toolSetDir(
  cacheDir: string,
  set: ToolSet,
  setKey: string,
): string {
  return path.join(cacheDir, 'toolsets', set.name, setKey);
}

export function goCacheDir(cacheDir: string, set: ToolSet): string {
  return path.join(cacheDir, 'go-build', set.name);
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Puts a built binary into a toolchain; doing it again is no error. */
export async function linkBinary(built: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await link(built, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  }
}

/** Notes that a folder is in use now; its modification time is what removal goes by. */
export async function markUsed(dir: string, now: Date): Promise<void> {
  await utimes(dir, now, now);
}

/** Removes toolchains and tool sets that were not used for a week. */
export async function removeUnused(cacheDir: string, now: Date): Promise<void> {
  const folders = [
    ...(await foldersIn(path.join(cacheDir, 'toolchain'))),
    ...(
      await Promise.all(
        (await foldersIn(path.join(cacheDir, 'toolsets'))).map(foldersIn),
      )
    ).flat(),
  ];
  for (const folder of folders) {
    const unusedSince = (await stat(folder)).mtimeMs;
    if (now.getTime() - unusedSince > unusedMilliseconds) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function foldersIn(dir: string): Promise<string[]> {
  if (!(await exists(dir))) {
    return [];
  }
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter(entry => entry.isDirectory())
    .map(entry => path.join(dir, entry.name));
}
