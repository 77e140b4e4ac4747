import { join } from 'node:path';
import type { Instance } from '../instance/index.ts';
import { withCacheLock } from '../toolchain/cacheLock.ts';
import { datacentersDir } from './layout.ts';

const NEVER = new AbortController().signal;

/** Runs `work` while no other process starts or ends this datacenter. */
export function withDatacenterLock<T>(
  options: { instance: Instance; name: string; signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const { instance, name, signal = NEVER } = options;
  const cacheDir = join(instance.stateDir, 'locks', name);
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
