/**
 * Assembled images in the cache, one archive each: `<name>-<key>.tar`, where the key is that of the content.
 *
 * A1. An archive is there whole or not at all, so its name says all about it.
 * A2. Of each image the newest few stay: another checkout that shares the cache may be importing an older one. Which is
 *     newest goes by when it was last asked for.
 */
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { withCacheLock } from '../toolchain/cacheLock.ts';
import { exists } from '../toolchain/toolchainFolders.ts';
import { imageKey } from './imageKey.ts';
import type { ImageArchive, ImageSpec } from './types.ts';
import { writeImageArchive } from './writeImageArchive.ts';

const keptPerImage = 2;

export async function ensureImageArchive(options: {
  spec: ImageSpec;
  imagesDir: string;
  cacheDir: string;
  signal: AbortSignal;
  now: Date;
  /** Called before it is assembled; not called when there is nothing to do. */
  onAssemble?: () => void;
}): Promise<ImageArchive> {
  const { spec, imagesDir, signal, now } = options;
  const name = fileName(spec.reference);
  const archive = path.join(imagesDir, `${name}-${await imageKey(spec)}.tar`);
  if (!(await exists(archive))) {
    await withCacheLock(options, async () => {
      if (!(await exists(archive))) {
        options.onAssemble?.();
        await mkdir(imagesDir, { recursive: true });
        await writeImageArchive(spec, archive, signal);
      }
    });
  }
  await utimes(archive, now, now);
  await removeOldArchives(imagesDir, name);
  return { reference: spec.reference, archive };
}

/** A reference without its registry, as part of a file name; the tag is not in it, so a new version replaces an old. */
function fileName(reference: string): string {
  return path.posix.basename(reference).split(':')[0];
}

async function removeOldArchives(
  imagesDir: string,
  name: string,
): Promise<void> {
  const ofThisImage = new RegExp(`^${name}-[0-9a-f]{16}[.]tar$`);
  const archives = await Promise.all(
    (
      await readdir(imagesDir)
    )
      .filter(file => ofThisImage.test(file))
      .map(async file => {
        const archive = path.join(imagesDir, file);
        return { archive, lastUsed: (await stat(archive)).mtimeMs };
      }),
  );
  archives.sort((a, b) => b.lastUsed - a.lastUsed);
  for (const { archive } of archives.slice(keptPerImage)) {
    await rm(archive, { force: true });
  }
}
