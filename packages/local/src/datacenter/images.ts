import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mustRun, runCommand } from '../processes/runCommand.ts';
import type { ContainerdFolders } from './components/containerd.ts';
import type { ImageArchive } from './types.ts';

/*
 * Which archives a containerd has imported is remembered beside its root, by content: an image that was assembled anew
 * under the same reference is imported again, one that is the same is not.
 */

type Imported = Record<string, string>;

const NAMESPACE = ['--namespace', 'k8s.io'];

async function digestOf(archive: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

function recordOf(folders: ContainerdFolders): string {
  return join(folders.dir, 'images.json');
}

async function readImported(folders: ContainerdFolders): Promise<Imported> {
  try {
    return JSON.parse(await readFile(recordOf(folders), 'utf8')) as Imported;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** An archive whose image this containerd does not have yet. */
export type Missing = ImageArchive & { digest: string };

export async function missingImages(
  folders: ContainerdFolders,
  images: ImageArchive[],
): Promise<Missing[]> {
  const imported = await readImported(folders);
  const missing: Missing[] = [];
  for (const image of images) {
    const digest = await digestOf(image.archive);
    if (imported[image.reference] !== digest)
      missing.push({ ...image, digest });
  }
  return missing;
}

export async function isContainerdReady(options: {
  binDir: string;
  socket: string;
}): Promise<boolean> {
  const ctr = join(options.binDir, 'ctr');
  const result = await runCommand(ctr, [
    '--address',
    options.socket,
    ...NAMESPACE,
    'version',
  ]);
  return result.code === 0;
}

/** Imports archives into a running containerd. */
export async function importImages(options: {
  binDir: string;
  folders: ContainerdFolders;
  missing: Missing[];
  signal: AbortSignal;
  onImage?: (reference: string, position: number) => void;
}): Promise<void> {
  const { binDir, folders, missing, signal, onImage } = options;
  const ctr = join(binDir, 'ctr');
  const address = ['--address', folders.socket, ...NAMESPACE];
  const imported = await readImported(folders);
  for (const [position, image] of missing.entries()) {
    onImage?.(image.reference, position + 1);
    await mustRun(
      ctr,
      [
        ...address,
        'images',
        'import',
        '--snapshotter=overlayfs',
        image.archive,
      ],
      { signal },
    );
    imported[image.reference] = image.digest;
    await writeFile(recordOf(folders), JSON.stringify(imported, null, 2));
  }
}
