import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { sharedLibraries } from './sharedLibraries.ts';
import type { ImageEntry, ImageLayer } from './types.ts';

/** The user of every image that does not ask for another: by convention "nonroot". */
export const nonroot = { uid: 65532, gid: 65532 };
export const nonrootUser = `${nonroot.uid}:${nonroot.gid}`;

/** What every image has under its program: mount points, a place for temporary files, names for the user ids. */
export const baseLayer: ImageLayer = [
  ...['dev', 'etc', 'proc', 'sys', 'var'].map(
    (name): ImageEntry => ({
      kind: 'directory',
      path: `/${name}`,
      mode: 0o755,
    }),
  ),
  { kind: 'directory', path: '/tmp', mode: 0o1777 },
  {
    kind: 'text',
    path: '/etc/passwd',
    mode: 0o644,
    content:
      'root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n',
  },
  {
    kind: 'text',
    path: '/etc/group',
    mode: 0o644,
    content: 'root:x:0:\nnonroot:x:65532:\n',
  },
  {
    kind: 'text',
    path: '/etc/nsswitch.conf',
    mode: 0o644,
    content: 'hosts: files dns\n',
  },
];

export function program(source: string, target: string): ImageEntry {
  return { kind: 'file', path: target, mode: 0o755, source };
}

/** A program of this machine with the libraries that it needs, which keep their places. */
export async function programWithLibraries(
  source: string,
  target: string,
  signal: AbortSignal,
): Promise<ImageLayer> {
  const libraries = await sharedLibraries(source, signal);
  return [
    program(source, target),
    ...libraries.map(file => program(file, file)),
  ];
}

/** A Node that runs in an otherwise empty image: the one that runs us. */
export async function nodeLayer(signal: AbortSignal): Promise<ImageLayer> {
  return programWithLibraries(process.execPath, '/usr/local/bin/node', signal);
}

/** The files of a folder that end so, into a folder of the image, in order of their names. */
export async function filesLayer(
  dir: string,
  ending: string,
  target: string,
): Promise<ImageEntry[]> {
  const names = (await readdir(dir)).filter(name => name.endsWith(ending));
  return names.sort().map(name => ({
    kind: 'file',
    path: path.posix.join(target, name),
    mode: 0o644,
    source: path.join(dir, name),
  }));
}
