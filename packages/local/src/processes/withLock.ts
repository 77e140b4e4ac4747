import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from './identity.ts';

/**
 * Runs the function while no other process on this machine runs one under the same file. A lock whose process is gone
 * counts for nothing.
 */
export async function withLock<T>(
  options: { file: string; signal?: AbortSignal; onWait?: () => void },
  run: () => Promise<T>,
): Promise<T> {
  mkdirSync(path.dirname(options.file), { recursive: true });
  let hasWaited = false;
  while (!take(options.file)) {
    if (!hasWaited) {
      options.onWait?.();
      hasWaited = true;
    }
    await delay(200, undefined, { signal: options.signal });
  }
  try {
    return await run();
  } finally {
    rmSync(options.file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  }
  const holder = readHolder(file);
  if (holder && !isRunning(holder)) {
    rmSync(file, { force: true });
  }
  return false;
}

/** Undefined for a moment after the file was made and before it is filled. */
function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
