import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Header, type Pack } from 'tar-stream';
import type { ImageEntry, ImageLayer } from './types.ts';

/** Nothing in an image carries the time at which it was assembled: the same content gives the same bytes. */
export const epoch = new Date(0);

type EntryHeader = Partial<Header> & Pick<Header, 'name'>;

export type LayerTar = { file: string; sha256: string; size: number };

/** Writes one layer as a tar file and resolves with its digest, which is also its id in the image. */
export async function writeLayerTar(
  layer: ImageLayer,
  file: string,
  signal: AbortSignal,
): Promise<LayerTar> {
  const tar = pack();
  const hash = createHash('sha256');
  let size = 0;
  const digest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const written = pipeline(tar, digest, createWriteStream(file), { signal });
  const filled = fill(tar, withParents(layer));
  // Whichever fails ends the other; the first reason is the one that a person should see.
  await Promise.all([
    written,
    filled.catch(error => {
      tar.destroy(error);
      throw error;
    }),
  ]);
  return { file, sha256: hash.digest('hex'), size };
}

async function fill(tar: Pack, entries: ImageEntry[]): Promise<void> {
  for (const entry of entries) {
    await addEntry(tar, entry);
  }
  tar.finalize();
}

async function addEntry(tar: Pack, entry: ImageEntry): Promise<void> {
  const common: EntryHeader = {
    name: entry.path.replace(/^\//, ''),
    mtime: epoch,
    uid: 0,
    gid: 0,
  };
  switch (entry.kind) {
    case 'directory':
      tar.entry({
        ...common,
        ...entry.owner,
        type: 'directory',
        mode: entry.mode,
      });
      return;
    case 'symlink':
      tar.entry({
        ...common,
        type: 'symlink',
        mode: 0o777,
        linkname: entry.target,
      });
      return;
    case 'text':
      tar.entry({ ...common, mode: entry.mode }, entry.content);
      return;
    case 'file':
      await addFile(tar, { ...common, mode: entry.mode }, entry.source);
      return;
    default:
      throw new Error(`Unknown entry ${JSON.stringify(entry satisfies never)}`);
  }
}

/** Adds a file of any size without holding it in memory. */
export async function addFile(
  tar: Pack,
  header: EntryHeader,
  source: string,
): Promise<void> {
  const { size } = await stat(source);
  const entry = tar.entry({ ...header, size });
  await pipeline(createReadStream(source, { highWaterMark: 1 << 20 }), entry);
}

/** The layer with every parent folder before what lies in it; folders that the layer names itself keep their mode. */
export function withParents(layer: ImageLayer): ImageEntry[] {
  const own = new Set(
    layer.filter(entry => entry.kind === 'directory').map(entry => entry.path),
  );
  const added = new Set<string>();
  return layer.flatMap(entry => {
    const parents: ImageEntry[] = [];
    for (
      let parent = path.posix.dirname(entry.path);
      parent !== '/';
      parent = path.posix.dirname(parent)
    ) {
      if (!own.has(parent) && !added.has(parent)) {
        added.add(parent);
        parents.unshift({ kind: 'directory', path: parent, mode: 0o755 });
      }
    }
    return [...parents, entry];
  });
}
