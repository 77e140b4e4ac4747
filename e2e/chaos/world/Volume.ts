import { mustRun, runCommand } from '@kubenova/local/processes';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { leavesBehind } from './leftovers.ts';

/** More than the journal keeps spare for a full disk. */
const SIZE = '24m';
const BALLAST = 'ballast';

/**
 * The volume of a journal: a small file system of its own where that can be had (Linux, as root), so that it can be full; else a folder.
 */
export class Volume {
  readonly path: string;
  readonly isSmall: boolean;
  readonly #isUnmounted: () => void;

  static async create(folder: string): Promise<Volume> {
    mkdirSync(folder, { recursive: true });
    return new Volume(folder, await mountSmall(folder));
  }

  private constructor(folder: string, isSmall: boolean) {
    this.path = folder;
    this.isSmall = isSmall;
    this.#isUnmounted = isSmall
      ? leavesBehind(() => spawnSync('umount', ['--lazy', folder]))
      : () => {};
  }

  /** Leaves no room for anything. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.path);
    try {
      writeFileSync(
        path.join(this.path, BALLAST),
        Buffer.alloc(bavail * bsize),
      );
    } catch (error) {
      // The operator took some of it meanwhile, so it is full all the same.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') {
        throw error;
      }
    }
  }

  makeRoom(): void {
    rmSync(path.join(this.path, BALLAST), { force: true });
  }

  /** What is on it now, as a snapshot of the volume would have it: nobody may be writing. */
  copyTo(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    cpSync(this.path, folder, { recursive: true });
  }

  /** Has what the copy has, and nothing else; without a copy, nothing at all. */
  replaceBy(folder?: string): void {
    for (const name of readdirSync(this.path)) {
      rmSync(path.join(this.path, name), { recursive: true });
    }
    if (folder !== undefined) {
      cpSync(folder, this.path, { recursive: true });
    }
  }

  /** What is on it stays in the folder, without a file system of its own. */
  async close(): Promise<void> {
    if (this.isSmall) {
      this.makeRoom();
      const copy = `${this.path}.copy`;
      this.copyTo(copy);
      await mustRun('umount', ['--lazy', this.path]);
      this.#isUnmounted();
      cpSync(copy, this.path, { recursive: true });
      rmSync(copy, { recursive: true });
    }
  }
}

/** Whether a small file system is mounted there now. Root in a container may not be allowed to. */
async function mountSmall(folder: string): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return false;
  }
  const { code } = await runCommand('mount', [
    ...['-t', 'tmpfs'],
    ...['-o', `size=${SIZE}`],
    ...['tmpfs', folder],
  ]);
  return code === 0;
}
