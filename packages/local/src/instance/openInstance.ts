import { link, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  claimNetwork,
  claimedIds,
  readRecord,
  releaseNetwork,
} from './claims.ts';
import { thisMachine } from './machine.ts';
import type { Instance, InstanceRecord, Machine } from './types.ts';

/** 10.96.0.0/16 and 10.244.0.0/16 are every datacenter's own, so the choice stays away from them. */
const NETWORKS = { first: 100, last: 199 };
/** Each network has ten ports of its own, below the range from which the kernel takes ports for outgoing connections. */
const FIRST_PORT = 20_000;
const PORTS_A_NETWORK = 10;

/** The cache folder that all checkouts of this user share. */
export function cacheDirOf(env: NodeJS.ProcessEnv): string {
  if (env.KUBENOVA_CACHE) return env.KUBENOVA_CACHE;
  const home = env.HOME ?? homedir();
  return join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'kubenova');
}

/** All ports that belong to a network; an instance has some of them for itself. */
export function portsOf(network: number): number[] {
  const first = FIRST_PORT + network * PORTS_A_NETWORK;
  return Array.from({ length: PORTS_A_NETWORK }, (_, n) => first + n);
}

async function freePorts(
  network: number,
  machine: Machine,
): Promise<Instance['ports'] | undefined> {
  const free: number[] = [];
  for (const port of portsOf(network))
    if (await machine.isPortFree(port)) free.push(port);
  const [portal, linkPort, postgres] = free;
  return postgres === undefined
    ? undefined
    : { portal, link: linkPort, postgres };
}

async function unusedId(cacheDir: string, machine: Machine): Promise<string> {
  const taken = await claimedIds(cacheDir);
  let id = machine.randomId();
  while (taken.has(id)) id = machine.randomId();
  return id;
}

async function allocate(options: {
  stateDir: string;
  cacheDir: string;
  machine: Machine;
}): Promise<InstanceRecord> {
  const { stateDir, cacheDir, machine } = options;
  const id = await unusedId(cacheDir, machine);
  const busy = await machine.networksInUse();
  for (let network = NETWORKS.first; network <= NETWORKS.last; network++) {
    if (busy.has(network)) continue;
    const ports = await freePorts(network, machine);
    if (!ports) continue;
    const claim = { id, stateDir };
    if (await claimNetwork({ cacheDir, network, claim }))
      return { id, network, ports };
  }
  throw new Error(
    `No free network: every 10.n.0.0/16 from ${NETWORKS.first} to ${NETWORKS.last} is in use on this machine. ` +
      `Remove checkouts that are no longer needed, or the routes that cover 10.0.0.0/8.`,
  );
}

/** Writes the record unless another process was faster; whoever was first is right. */
async function remember(
  stateDir: string,
  cacheDir: string,
  record: InstanceRecord,
): Promise<InstanceRecord> {
  const path = join(stateDir, 'instance.json');
  const draft = `${path}.${record.id}`;
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`);
  try {
    // A hard link appears whole or not at all, and fails when the name exists.
    await link(draft, path);
    return record;
  } catch (error) {
    const earlier = await readRecord(stateDir);
    if (!earlier) throw error;
    await releaseNetwork(cacheDir, record.network);
    return earlier;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * The instance `name` of the checkout `root`. At the first call its id, ports and network are found free on this
 * machine; later calls return the same ones, whether or not the instance runs.
 */
export async function openInstance(options: {
  root: string;
  /** `default` for `./kubenova start`, `test` for the test suites. */
  name: string;
  env?: NodeJS.ProcessEnv;
  machine?: Machine;
}): Promise<Instance> {
  const root = await realpath(options.root);
  const stateDir = join(root, '.kubenova', options.name);
  const cacheDir = cacheDirOf(options.env ?? process.env);
  const machine = options.machine ?? thisMachine;
  // Keys and databases lie in there: nobody else's business.
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await mkdir(cacheDir, { recursive: true });
  const record =
    (await readRecord(stateDir)) ??
    (await remember(
      stateDir,
      cacheDir,
      await allocate({ stateDir, cacheDir, machine }),
    ));
  const runDir = join('/run/kubenova', record.id);
  return { ...record, root, stateDir, runDir, cacheDir };
}
