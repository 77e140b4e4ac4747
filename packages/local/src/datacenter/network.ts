import { mustRun, runCommand } from '../processes/runCommand.ts';
import { NODE_ADDRESS } from './layout.ts';
import type { Datacenter } from './types.ts';

/*
 * The network of a datacenter: a namespace with one wire to the machine and nothing else. There is no address of the
 * machine's own networks in it, and nothing forwards beyond the machine.
 *
 * While the wire is cut, the machine has no route to the datacenter's subnet and would send what is meant for it to its
 * own gateway, and so out. A second, less preferred route says that there is no way.
 */

async function namespaceExists(netns: string): Promise<boolean> {
  const { stdout } = await mustRun('ip', ['-json', 'netns', 'list']);
  if (stdout.trim() === '') return false;
  const namespaces = JSON.parse(stdout) as Array<{ name: string }>;
  return namespaces.some(namespace => namespace.name === netns);
}

function fallbackRoute(datacenter: Datacenter): string[] {
  const subnet = datacenter.gatewayAddress.replace(/\d+$/, '0/24');
  return ['unreachable', subnet, 'metric', '4096'];
}

/** Makes namespace and wire; there must be none. */
export async function createNetwork(datacenter: Datacenter): Promise<void> {
  const { netns, veth, nodeAddress, gatewayAddress } = datacenter;
  const inside = (...args: string[]) => mustRun('ip', ['-n', netns, ...args]);
  await mustRun('ip', ['netns', 'add', netns]);
  await inside('link', 'set', 'lo', 'up');
  // The node's own address is on the loopback interface, so that it stays when the wire is cut or renumbered.
  await inside('addr', 'add', `${NODE_ADDRESS}/32`, 'dev', 'lo');
  const peer = ['peer', 'name', 'eth0', 'netns', netns];
  await mustRun('ip', ['link', 'add', veth, 'type', 'veth', ...peer]);
  await mustRun('ip', ['addr', 'add', `${gatewayAddress}/24`, 'dev', veth]);
  await mustRun('ip', ['link', 'set', veth, 'up']);
  await mustRun('ip', ['route', 'replace', ...fallbackRoute(datacenter)]);
  await inside('addr', 'add', `${nodeAddress}/24`, 'dev', 'eth0');
  await inside('link', 'set', 'eth0', 'up');
  await inside('route', 'add', 'default', 'via', gatewayAddress);
  await mustRun('nsenter', [
    `--net=/run/netns/${netns}`,
    'sysctl',
    '-qw',
    'net.ipv4.ip_forward=1',
  ]);
}

/** Removes what createNetwork made, as far as it is there. */
export async function removeNetwork(datacenter: Datacenter): Promise<void> {
  if (await namespaceExists(datacenter.netns))
    await mustRun('ip', ['netns', 'del', datacenter.netns]);
  // The kernel removes the wire some time after the namespace; whoever comes next shall not meet it.
  await runCommand('ip', ['link', 'del', datacenter.veth]);
  await runCommand('ip', ['route', 'del', ...fallbackRoute(datacenter)]);
}

/** Numbers of all processes in the namespace. */
export async function processesInNetwork(
  datacenter: Datacenter,
): Promise<number[]> {
  if (!(await namespaceExists(datacenter.netns))) return [];
  const { stdout } = await mustRun('ip', ['netns', 'pids', datacenter.netns]);
  return stdout.split('\n').filter(Boolean).map(Number);
}

/** Cuts the datacenter off: everything in it goes on, nothing gets in or out. */
export async function cutDatacenter(datacenter: Datacenter): Promise<void> {
  await mustRun('ip', ['link', 'set', datacenter.veth, 'down']);
}

/** Undoes cutDatacenter. */
export async function restoreDatacenter(datacenter: Datacenter): Promise<void> {
  await mustRun('ip', ['link', 'set', datacenter.veth, 'up']);
}
