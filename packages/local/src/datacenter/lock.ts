import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '../instance/index.ts';
import { withCacheLock } from '../toolchain/cacheLock.ts';
import { datacentersDir } from './layout.ts';

const NEVER = new AbortController().signal;

function lockFolder(instance: Instance, name: string): string {
  return join(instance.stateDir, 'locks', name);
}

/** Runs `work` while no other process starts or ends this datacenter. */
export function withDatacenterLock<T>(
  options: { instance: Instance; name: string; signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const { instance, name, signal = NEVER } = options;
  const cacheDir = lockFolder(instance, name);
  return withCacheLock({ cacheDir, signal }, work);
}

/** Runs `work` while no other process gives out indexes of this instance. */
export function withRegistryLock<T>(
  options: { instance: Instance; signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const { instance, signal = NEVER } = options;
  return withCacheLock({ cacheDir: datacentersDir(instance), signal }, work);
}

/** The lock itself is the kernel's; the folder only names it. */
export async function removeLockFolder(
  instance: Instance,
  name: string,
): Promise<void> {
  await rm(lockFolder(instance, name), { recursive: true, force: true });
}
