import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import type { Instance } from '../instance/index.ts';
import { mustRun } from '../processes/runCommand.ts';
import { withDatacenterLock } from './lock.ts';
import { processesInNetwork } from './network.ts';
import { findDatacenter } from './registry.ts';

/*
 * A snapshot is a datacenter's etcd. Everything else either is the same in all of them (addresses, names), is made anew
 * (certificates, so that two datacenters from one snapshot do not trust each other's) or comes from the image store.
 * Volumes are not in it: what is to be a snapshot has no claims.
 *
 * As the certificates are new, pods must not start before the copies of the old authority's certificate, which every
 * namespace has, are replaced: most programs read it once. The controller manager would do it, but not in time.
 */

const AUTHORITY_CONFIG_MAP = 'kube-root-ca.crt';

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

/** Gives a new datacenter, whose folder is `dir`, the snapshot's state; false if there is no such snapshot. */
export async function restoreSnapshot(options: {
  cacheDir: string;
  key: string;
  dir: string;
}): Promise<boolean> {
  const { cacheDir, key, dir } = options;
  const from = join(snapshotDir(cacheDir, key), 'etcd');
  const to = join(dir, 'etcd');
  if ((await exists(to)) || !(await exists(from))) return false;
  await copyDatabase(from, to);
  return true;
}

/** Makes `certificate` the authority that pods trust. */
export async function replaceAuthority(
  api: CoreV1Api,
  certificate: string,
): Promise<void> {
  const { items } = await api.listConfigMapForAllNamespaces({
    fieldSelector: `metadata.name=${AUTHORITY_CONFIG_MAP}`,
  });
  for (const { metadata } of items)
    await api.patchNamespacedConfigMap(
      {
        name: AUTHORITY_CONFIG_MAP,
        namespace: metadata?.namespace ?? '',
        body: { data: { 'ca.crt': certificate } },
      },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
}
