import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { mustRun } from '../processes/runCommand.ts';

/** Mount points at or below `path` in this mount namespace, the last mounted first. */
export async function mountsUnder(path: string): Promise<string[]> {
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8');
  return mountinfo
    .split('\n')
    .filter(Boolean)
    .map(line => unescapeMountPoint(line.split(' ')[4]))
    .filter(point => point === path || point.startsWith(`${path}/`))
    .reverse();
}

/** The kernel writes spaces and the like as three octal digits. */
function unescapeMountPoint(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Unmounts everything at or below `path`. */
export async function unmountAll(path: string): Promise<void> {
  // Lazily: what a process still holds goes with the process.
  for (const point of await mountsUnder(path))
    await mustRun('umount', ['--lazy', point]);
}

/** Shows `dir` at `home` too. */
export async function mountHome(dir: string, home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await mustRun('mount', ['--bind', dir, home]);
  // A peer group of its own: mounts below `home` must not turn up below `dir` as well, but must reach into pods.
  await mustRun('mount', ['--make-private', home]);
  await mustRun('mount', ['--make-shared', home]);
}

/** Undoes mountHome and all mounts made below it. */
export async function unmountHome(home: string): Promise<void> {
  await unmountAll(home);
  await rmdir(home).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
