import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { ImageEntry, ImageSpec } from './types.ts';

/** Raised when the way of assembling changes in a manner that no entry shows. */
const recipe = 1;

/** Files from this size on are known by size and time of their last change: binaries of 100 MB are not read each start. */
const largeFile = 8 * 1024 * 1024;

/** The key of an image's content: equal keys need no assembling. */
export async function imageKey(spec: ImageSpec): Promise<string> {
  const hash = createHash('sha256');
  const { layers, ...rest } = spec;
  hash.update(JSON.stringify({ recipe, arch: process.arch, ...rest }));
  for (const layer of layers) {
    hash.update('\0layer');
    for (const entry of layer) {
      hash.update(JSON.stringify(await identity(entry)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function identity(entry: ImageEntry): Promise<unknown> {
  if (entry.kind !== 'file') {
    return entry;
  }
  const { source, ...rest } = entry;
  const { size, mtimeMs } = await stat(source);
  if (size >= largeFile) {
    return { ...rest, size, mtimeMs };
  }
  const content = createHash('sha256').update(await readFile(source));
  return { ...rest, content: content.digest('hex') };
}
