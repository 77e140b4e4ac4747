import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { identify } from '../processes/identity.ts';
import type { Instance } from '../instance/index.ts';
import { processesInCgroup, removeCgroup } from './cgroups.ts';
import { layoutOf } from './layout.ts';
import { unmountHome } from './mounts.ts';
import { processesInNetwork, removeNetwork } from './network.ts';
import { endProcesses, ProcessTable } from './processTable.ts';
import type { Datacenter } from './types.ts';

/*
 * Ends everything of a datacenter that runs, whether it was whole or is what a crash left. The order matters:
 *
 * 1. First the controllers process, which would start again what is ended after it.
 * 2. Then whatever makes containers, then the containers (politely: the operator closes its journal), then their shims,
 *    and etcd last, so that what the others still had to write is written.
 * 3. Mounts, control groups and the network go when nothing uses them any more.
 */

const GRACE_MS = 5_000;
const CONTAINER_GRACE_MS = 3_000;

function identitiesOf(pids: number[]) {
  return pids.map(identify).filter(identity => identity !== undefined);
}

/** Shims listen on sockets outside of our folders and, when killed, leave them. */
async function shimSockets(stateDir: string): Promise<string[]> {
  const tasks = join(stateDir, 'io.containerd.runtime.v2.task', 'k8s.io');
  const sockets: string[] = [];
  for (const id of await readdir(tasks).catch(() => [])) {
    const text = await readFile(
      join(tasks, id, 'bootstrap.json'),
      'utf8',
    ).catch(() => '{}');
    const { address } = JSON.parse(text) as { address?: string };
    const path = address?.replace(/^unix:\/\//, '');
    if (path?.startsWith('/run/containerd/s/')) sockets.push(path);
  }
  return sockets;
}

async function endAllProcesses(
  datacenter: Datacenter,
  cgroup: string,
): Promise<void> {
  const table = new ProcessTable(datacenter);
  await table.stop({ names: ['controllers'], graceMs: GRACE_MS });
  const makers = ['kubelet', 'kube-scheduler', 'kube-controller-manager'];
  await table.stop({ names: [...makers, 'kube-proxy'], graceMs: GRACE_MS });
  await endProcesses({
    identities: identitiesOf(await processesInCgroup(cgroup)),
    graceMs: CONTAINER_GRACE_MS,
  });
  await table.stop({
    names: ['containerd', 'kube-apiserver'],
    graceMs: GRACE_MS,
  });
  await table.stop({ graceMs: GRACE_MS });
  // Shims, and anything else that a crash left unrecorded.
  await endProcesses({
    identities: identitiesOf([
      ...(await processesInNetwork(datacenter)),
      ...(await processesInCgroup(cgroup)),
    ]),
    graceMs: 0,
  });
}

/** Ends what runs of the datacenter; its state stays. Does nothing when nothing runs. */
export async function endRuntime(
  instance: Instance,
  datacenter: Datacenter,
): Promise<void> {
  const layout = layoutOf(instance, datacenter);
  const stateDir = join(layout.dir, 'containerd', 'state');
  // Read now: a shim that gets to end by itself takes its notes with it, though not always its socket.
  const sockets = await shimSockets(stateDir);
  await endAllProcesses(datacenter, layout.cgroup);
  for (const socket of sockets) await rm(socket, { force: true });
  await unmountHome(layout.home);
  await rm(stateDir, { recursive: true, force: true });
  await removeCgroup(layout.cgroup);
  await removeNetwork(datacenter);
  await rmdir(instance.runDir).catch(() => {
    // Another datacenter of the instance uses it, or there is none.
  });
}
