import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '../instance/index.ts';
import { mustRun } from '../processes/runCommand.ts';
import { withDatacenterLock } from './lock.ts';
import { processesInNetwork } from './network.ts';
import { findDatacenter } from './registry.ts';

/*
 * A snapshot is a datacenter's etcd. Everything else either is the same in all of them (addresses, names), is made anew
 * (certificates, so that two datacenters from one snapshot do not trust each other's) or comes from the image store.
 * Volumes are not in it: what is to be a snapshot has no claims.
 */

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function snapshotDir(cacheDir: string, key: string): string {
  return join(cacheDir, 'snapshots', key);
}

async function copyDatabase(from: string, to: string): Promise<void> {
  const draft = `${to}.draft`;
  await rm(draft, { recursive: true, force: true });
  // etcd reserves its log files in advance: most of their size is nothing.
  await mustRun('cp', ['-a', '--sparse=always', from, draft]);
  await rm(to, { recursive: true, force: true });
  await rename(draft, to);
}

export function hasSnapshot(instance: Instance, key: string): Promise<boolean> {
  return exists(join(snapshotDir(instance.cacheDir, key), 'etcd'));
}

/** Keeps what a datacenter that is down has installed, as what new datacenters may start from. */
export async function saveSnapshot(options: {
  instance: Instance;
  name: string;
  key: string;
}): Promise<void> {
  const { instance, name, key } = options;
  await withDatacenterLock({ instance, name }, async () => {
    const datacenter = await findDatacenter(instance, name);
    if (!datacenter) throw new Error(`There is no datacenter ${name}.`);
    if ((await processesInNetwork(datacenter)).length > 0)
      throw new Error(
        `${name} is up: end it with ./kubenova datacenter down ${name} first.`,
      );
    const dir = snapshotDir(instance.cacheDir, key);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await copyDatabase(join(datacenter.dir, 'etcd'), join(dir, 'etcd'));
  });
}

/** Gives a new datacenter, whose folder is `dir`, the snapshot's state if there is such a snapshot. */
export async function restoreSnapshot(options: {
  cacheDir: string;
  key: string;
  dir: string;
}): Promise<void> {
  const { cacheDir, key, dir } = options;
  const from = join(snapshotDir(cacheDir, key), 'etcd');
  const to = join(dir, 'etcd');
  if ((await exists(to)) || !(await exists(from))) return;
  await copyDatabase(from, to);
}
