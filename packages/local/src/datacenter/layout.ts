import { join } from 'node:path';
import type { Instance } from '../instance/index.ts';
import type { Datacenter } from './types.ts';

/*
 * What is the same in every datacenter, so that a snapshot of one fits any other: nobody outside the network namespace
 * sees these, only the subnet of the wire (10.n.i.0/24) is the datacenter's own.
 */
export const NODE_NAME = 'node-1';
export const NODE_ADDRESS = '10.97.0.1';
export const POD_CIDR = '10.244.0.0/16';
export const NODE_POD_CIDR = '10.244.0.0/24';
export const SERVICE_CIDR = '10.96.0.0/16';
export const API_SERVICE_ADDRESS = '10.96.0.1';
export const DNS_SERVICE_ADDRESS = '10.96.0.10';
export const API_PORT = 6443;
export const ETCD_PORT = 2379;
export const ETCD_PEER_PORT = 2380;

/** Last octets of the addresses that Services of type LoadBalancer get. */
export const LOAD_BALANCER_POOL = { first: 100, last: 250 };

/** Where things of one datacenter are. */
export type Layout = {
  /** Kept between runs. */
  dir: string;
  /**
   * `dir` mounted again under a short path, while the datacenter runs: sockets lie in there, and their paths may have
   * at most 107 bytes. Every process of the datacenter knows its files by this path.
   */
  home: string;
  cgroup: string;
  containerdSocket: string;
};

export function datacentersDir(instance: Instance): string {
  return join(instance.stateDir, 'datacenters');
}

export function describe(
  instance: Instance,
  name: string,
  index: number,
): Datacenter {
  const subnet = `10.${instance.network}.${index}`;
  const dir = join(datacentersDir(instance), name);
  return {
    name,
    index,
    nodeAddress: `${subnet}.2`,
    gatewayAddress: `${subnet}.1`,
    kubeconfig: join(dir, 'admin.kubeconfig'),
    netns: `kubenova-${instance.id}-${name}`,
    veth: `kn${instance.id}-${index}`,
    dir,
  };
}

export function layoutOf(instance: Instance, datacenter: Datacenter): Layout {
  const home = join(instance.runDir, datacenter.name);
  return {
    dir: datacenter.dir,
    home,
    cgroup: datacenter.netns,
    containerdSocket: join(home, 'containerd.sock'),
  };
}
