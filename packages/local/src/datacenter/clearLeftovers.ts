import { join } from 'node:path';
import type { Instance } from '../instance/index.ts';
import { mustRun } from '../processes/runCommand.ts';
import { cgroupsNamed, processesInCgroup } from './cgroups.ts';
import { endRuntime } from './endRuntime.ts';
import { describe } from './layout.ts';
import { withDatacenterLock } from './lock.ts';
import { mountsUnder, unmountAll } from './mounts.ts';
import { listDatacenters } from './listDatacenters.ts';
import { ProcessTable } from './processTable.ts';
import type { Datacenter } from './types.ts';

type Traces = {
  processes: string[];
  /** How many processes run in pods. */
  containers: number;
  networks: Set<string>;
  cgroups: Set<string>;
  interfaces: Set<string>;
  mounts: string[];
};

async function namesFromIp(args: string[], key: string): Promise<string[]> {
  const { stdout } = await mustRun('ip', ['-json', ...args]);
  if (stdout.trim() === '') return [];
  const entries = JSON.parse(stdout) as Array<Record<string, string>>;
  return entries.map(entry => entry[key]);
}

async function findTraces(
  instance: Instance,
  datacenter: Datacenter,
): Promise<Traces> {
  const networks = await namesFromIp(['netns', 'list'], 'name');
  const links = await namesFromIp(['link', 'show'], 'ifname');
  const only = (names: Iterable<string>, name: string) =>
    new Set([...names].filter(candidate => candidate === name));
  return {
    processes: new ProcessTable(datacenter).running(),
    containers: (await processesInCgroup(datacenter.netns)).length,
    networks: only(networks, datacenter.netns),
    cgroups: only(await cgroupsNamed(datacenter.netns), datacenter.netns),
    interfaces: only(links, datacenter.veth),
    mounts: [
      ...(await mountsUnder(join(instance.runDir, datacenter.name))),
      ...(await mountsUnder(datacenter.dir)),
    ],
  };
}

function describeTraces(name: string, traces: Traces): string[] {
  const found: string[] = [];
  if (traces.processes.length > 0)
    found.push(`processes ${traces.processes.join(', ')}`);
  if (traces.containers > 0)
    found.push(`${traces.containers} processes of pods`);
  for (const [what, names] of [
    ['network namespace', traces.networks],
    ['interface', traces.interfaces],
    ['control group', traces.cgroups],
  ] as const)
    for (const trace of names) found.push(`${what} ${trace}`);
  if (traces.mounts.length > 0) found.push(`${traces.mounts.length} mounts`);
  return found.map(trace => `${name}: ${trace}`);
}

/** Datacenters whose folder is gone but whose network or control groups are not: the checkout's state was deleted by hand. */
async function orphans(
  instance: Instance,
  known: Set<string>,
): Promise<Datacenter[]> {
  const prefix = `kubenova-${instance.id}-`;
  const networks = await namesFromIp(['netns', 'list'], 'name');
  const names = new Set(
    [...networks, ...(await cgroupsNamed(prefix))]
      .filter(name => name.startsWith(prefix))
      .map(name => name.slice(prefix.length)),
  );
  // The index is not known any more, and only names the wire, which ends with the network namespace.
  return [...names.difference(known)].map(name => describe(instance, name, 0));
}

/**
 * Ends what a crash left of this instance: processes, mounts, network namespaces, control groups, interfaces. A datacenter
 * that is wholly up is left alone. Returns what was found, a phrase each.
 */
export async function clearLeftovers(instance: Instance): Promise<string[]> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  const datacenters = await listDatacenters(instance);
  const known = new Set(datacenters.map(({ name }) => name));
  const broken = [
    ...datacenters.filter(({ state }) => state === 'down'),
    ...(await orphans(instance, known)),
  ];
  const found: string[] = [];
  for (const datacenter of broken) {
    const { name } = datacenter;
    await withDatacenterLock({ instance, name }, async () => {
      const traces = await findTraces(instance, datacenter);
      const phrases = describeTraces(name, traces);
      if (phrases.length === 0) return;
      found.push(...phrases);
      await endRuntime(instance, datacenter);
      await unmountAll(datacenter.dir);
    });
  }
  // A store whose import was killed: its process has ended with the importer, its mounts have not.
  await unmountAll(join(instance.cacheDir, 'image-store'));
  return found;
}
