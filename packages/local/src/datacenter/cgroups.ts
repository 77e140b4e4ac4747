import {
  access,
  mkdir,
  readdir,
  readFile,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * Each datacenter's pods live under a control group of its own: two kubelets under one root kill each other's pods.
 * With version 1 (or both, as on older systems) there is a hierarchy for each controller, with version 2 just one.
 */

const ROOT = '/sys/fs/cgroup';

async function isVersion2(): Promise<boolean> {
  return access(join(ROOT, 'cgroup.controllers')).then(
    () => true,
    () => false,
  );
}

async function hierarchies(): Promise<string[]> {
  if (await isVersion2()) return [ROOT];
  const names = await readdir(ROOT);
  const paths: string[] = [];
  for (const name of names) {
    const path = join(ROOT, name);
    const isHierarchy = await access(join(path, 'cgroup.procs')).then(
      () => true,
      () => false,
    );
    if (isHierarchy) paths.push(path);
  }
  return paths;
}

/** Makes the group in every hierarchy. */
export async function createCgroup(name: string): Promise<void> {
  if (await isVersion2()) {
    const available = await readFile(join(ROOT, 'cgroup.controllers'), 'utf8');
    // One by one: a controller that cannot be handed down (a realtime scheduler's, say) must not block the others.
    for (const controller of available.trim().split(/\s+/))
      await writeFile(
        join(ROOT, 'cgroup.subtree_control'),
        `+${controller}`,
      ).catch(() => {});
  }
  for (const hierarchy of await hierarchies())
    await mkdir(join(hierarchy, name), { recursive: true });
}

/** The group and all groups in it, the innermost first. */
async function subtree(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const paths: string[] = [];
  for (const entry of entries)
    if (entry.isDirectory())
      paths.push(...(await subtree(join(path, entry.name))));
  return [...paths, path];
}

/** Whether any hierarchy has the group. */
export async function cgroupExists(name: string): Promise<boolean> {
  for (const hierarchy of await hierarchies())
    if ((await readdir(hierarchy)).includes(name)) return true;
  return false;
}

/** Names of groups at the top that start with `prefix`. */
export async function cgroupsNamed(prefix: string): Promise<Set<string>> {
  const names = new Set<string>();
  for (const hierarchy of await hierarchies())
    for (const name of await readdir(hierarchy))
      if (name.startsWith(prefix)) names.add(name);
  return names;
}

/** Numbers of all processes in the group. */
export async function processesInCgroup(name: string): Promise<number[]> {
  const pids = new Set<number>();
  for (const hierarchy of await hierarchies())
    for (const path of await subtree(join(hierarchy, name))) {
      const procs = await readFile(join(path, 'cgroup.procs'), 'utf8').catch(
        () => '',
      );
      for (const pid of procs.split('\n')) if (pid) pids.add(Number(pid));
    }
  return [...pids];
}

/** Removes the group, in which no process may be any more. */
export async function removeCgroup(name: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    for (const path of await subtree(join(hierarchy, name)))
      await removeEmptied(path);
  }
}

async function removeEmptied(path: string): Promise<void> {
  // A process that has ended leaves its group a moment later.
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      await rmdir(path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      if (code !== 'EBUSY') throw error;
      await sleep(100);
    }
  }
  throw new Error(`${path} still has processes`);
}
