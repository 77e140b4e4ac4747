import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, unlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustRun, runCommand } from '../processes/runCommand.ts';
import { withCacheLock } from '../toolchain/cacheLock.ts';
import {
  containerd,
  type ContainerdFolders,
  prepareContainerd,
} from './components/containerd.ts';
import { importImages, isContainerdReady, missingImages } from './images.ts';
import { unmountAll } from './mounts.ts';
import type { ImageArchive } from './types.ts';

/*
 * Unpacking every image for every new datacenter takes long and half a gigabyte each. So one containerd root in the cache has
 * them all, and a new datacenter starts with a clone of it, whose image content is hard links to the store's.
 *
 * 1. Only content that is never written in place is linked: blobs, and files of committed layers, of which overlayfs
 *    makes a copy before a container changes them. Databases are copied.
 * 2. The store's containerd runs under the store's lock, only while images are imported, and never runs containers:
 *    so every layer in the store is a committed one.
 */

const IMMUTABLE = [
  'io.containerd.content.v1.content/blobs',
  'io.containerd.snapshotter.v1.overlayfs/snapshots',
];

/** Runs `work` with the store's containerd, which ends afterwards. */
async function withContainerd(
  options: { folders: ContainerdFolders; binDir: string; signal: AbortSignal },
  work: () => Promise<void>,
): Promise<void> {
  const { folders, binDir, signal } = options;
  await prepareContainerd({ folders, binDir });
  const launch = containerd({ folders, binDir });
  const log = openSync(join(folders.dir, 'containerd.log'), 'w');
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', '--', launch.command, ...launch.args],
    { stdio: ['ignore', log, log], env: { ...launch.env } },
  );
  closeSync(log);
  const exited = once(child, 'exit');
  try {
    while (!(await isContainerdReady({ binDir, socket: folders.socket }))) {
      signal.throwIfAborted();
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(
          `containerd ended; see ${join(folders.dir, 'containerd.log')}`,
        );
      await sleep(50, undefined, { signal });
    }
    await work();
  } finally {
    child.kill('SIGTERM');
    await exited;
    await unmountAll(folders.dir);
    for (const socket of [folders.socket, `${folders.socket}.ttrpc`])
      await rm(socket, { force: true });
  }
}

/** Copies the root of a stopped containerd, sharing what is never changed where the file system allows. */
async function cloneRoot(from: string, to: string): Promise<void> {
  const draft = `${to}.draft`;
  await rm(draft, { recursive: true, force: true });
  const linked = await runCommand('cp', ['-a', '--link', from, draft]);
  if (linked.code !== 0) {
    await rm(draft, { recursive: true, force: true });
    await mustRun('cp', ['-a', '--reflink=auto', from, draft]);
  } else {
    await unshareDatabases(from, draft);
  }
  await rename(draft, to);
}

async function unshareDatabases(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const source = join(entry.parentPath, entry.name);
    const path = relative(from, source);
    if (!entry.isFile() || IMMUTABLE.some(dir => path.startsWith(`${dir}/`)))
      continue;
    await unlink(join(to, path));
    await cp(source, join(to, path), { preserveTimestamps: true });
  }
}

/** Gives a new containerd a root that has the images; does nothing when it has a root already. */
export async function provideRoot(options: {
  cacheDir: string;
  /** Where the store's socket may be: a short path, as of all sockets. */
  runDir: string;
  binDir: string;
  images: ImageArchive[];
  /**
   * The new containerd's folder, by the path at which it is kept: across mounts, be they of one file system, there are
   * no hard links.
   */
  dir: string;
  signal: AbortSignal;
  onImage?: (reference: string, position: number, total: number) => void;
}): Promise<void> {
  const { runDir, binDir, images, signal, onImage } = options;
  const root = join(options.dir, 'root');
  const isNew = await readdir(root).then(
    () => false,
    () => true,
  );
  if (!isNew) return;
  const dir = join(options.cacheDir, 'image-store');
  const store = { dir, socket: join(runDir, 'image-store.sock') };
  await withCacheLock({ cacheDir: dir, signal }, async () => {
    const missing = await missingImages(store, images);
    if (missing.length > 0)
      await withContainerd({ folders: store, binDir, signal }, () =>
        importImages({
          binDir,
          folders: store,
          missing,
          signal,
          onImage: (reference, position) =>
            onImage?.(reference, position, missing.length),
        }),
      );
    await mkdir(options.dir, { recursive: true });
    await cloneRoot(join(dir, 'root'), root);
    await cp(join(dir, 'images.json'), join(options.dir, 'images.json'));
  });
}
