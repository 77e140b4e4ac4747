import { rm } from 'node:fs/promises';
import type { Instance } from '../instance/index.ts';
import type { OnProgress } from '../progress.ts';
import { endRuntime } from './endRuntime.ts';
import { removeLockFolder, withDatacenterLock } from './lock.ts';
import { mountsUnder } from './mounts.ts';
import { findDatacenter } from './registry.ts';

/**
 * Ends a datacenter. Its state stays for the next start, unless `purge` removes it. Does nothing when there is no datacenter
 * of that name.
 */
export async function downDatacenter(options: {
  instance: Instance;
  name: string;
  purge?: boolean;
  onProgress?: OnProgress;
}): Promise<void> {
  const { instance, name, purge = false, onProgress } = options;
  const total = purge ? 2 : 1;
  await withDatacenterLock({ instance, name }, async () => {
    const datacenter = await findDatacenter(instance, name);
    if (!datacenter) return;
    onProgress?.({
      step: 'end',
      index: 1,
      total,
      message: `Ending ${name}'s processes`,
    });
    await endRuntime(instance, datacenter);
    if (!purge) return;
    onProgress?.({
      step: 'purge',
      index: 2,
      total,
      message: `Removing ${name}'s state`,
    });
    const mounts = await mountsUnder(datacenter.dir);
    if (mounts.length > 0)
      throw new Error(`${mounts.join(', ')} cannot be unmounted`);
    await rm(datacenter.dir, { recursive: true, force: true });
  });
  if (purge) await removeLockFolder(instance, name);
}
