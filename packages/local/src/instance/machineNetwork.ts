import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Instance } from './types.ts';

const run = promisify(execFile);

/** The interface on the machine that carries the address to which all datacenters of the instance dial. */
export function machineInterface(instance: Instance): string {
  return `kn${instance.id}`;
}

async function hasInterface(name: string): Promise<boolean> {
  const { stdout } = await run('ip', ['-json', 'link', 'show']);
  const links = JSON.parse(stdout) as Array<{ ifname: string }>;
  return links.some(link => link.ifname === name);
}

/**
 * Makes the address 10.n.0.1 on the machine, reachable from the datacenters of this instance and from the machine
 * itself, and from nowhere else. The Manager's link listens there. Without root, or on another system than Linux,
 * there are no local datacenters either and loopback does.
 */
export async function ensureMachineNetwork(
  instance: Instance,
): Promise<{ linkAddress: string }> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return { linkAddress: '127.0.0.1' };
  const name = machineInterface(instance);
  const linkAddress = `10.${instance.network}.0.1`;
  // A bridge without ports, since not every kernel has dummy interfaces, and pods need bridges anyway.
  if (!(await hasInterface(name)))
    await run('ip', ['link', 'add', name, 'type', 'bridge']);
  await run('ip', ['addr', 'replace', `${linkAddress}/24`, 'dev', name]);
  await run('ip', ['link', 'set', name, 'up']);
  return { linkAddress };
}

/** Takes the address away again; does nothing when there is none. */
export async function removeMachineNetwork(instance: Instance): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  const name = machineInterface(instance);
  if (await hasInterface(name)) await run('ip', ['link', 'del', name]);
}
