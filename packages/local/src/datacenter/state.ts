import { dirname } from 'node:path';
import { ProcessTable } from './processTable.ts';
import type { Datacenter } from './types.ts';

const COMPONENTS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'containerd',
  'kubelet',
  'kube-proxy',
  'controllers',
];

/** Whether every component of the datacenter runs. */
export function isUp(datacenter: Datacenter): boolean {
  const running = new ProcessTable(datacenter).running();
  return COMPONENTS.every(name => running.includes(name));
}

/** Where the tools are with which the datacenter was started; undefined when it is down. */
export function binDirOf(datacenter: Datacenter): string | undefined {
  const command = new ProcessTable(datacenter).commandOf('kubelet');
  return command && dirname(command);
}
