import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Runs the function while no other process on this machine runs one under the same file.
 *
 * SQLite holds the file by the operating system's own lock, on every system that Node runs on. It dies with the process that has
 * it, so there is no stale lock that two waiters could judge, and take, at once.
 */
export async function withLock<T>(
  options: { file: string; signal?: AbortSignal; onWait?: () => void },
  run: () => Promise<T>,
): Promise<T> {
  mkdirSync(path.dirname(options.file), { recursive: true });
  const lock = new DatabaseSync(options.file, { timeout: 0 });
  try {
    if (!take(lock)) {
      options.onWait?.();
      do {
        await delay(POLL_MS, undefined, { signal: options.signal });
      } while (!take(lock));
    }
    return await run();
  } finally {
    lock.close();
  }
}

function take(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (isLocked(error)) {
      return false;
    }
    throw error;
  }
}

function isLocked(error: unknown): boolean {
  const SQLITE_BUSY = 5;
  return (
    error instanceof Error &&
    'errcode' in error &&
    error.errcode === SQLITE_BUSY
  );
}
