/** One local datacenter: a real Kubernetes node in a network namespace of its own. */
export type Datacenter = {
  /** A DNS label of up to 40 characters. */
  name: string;
  /** i of its subnet 10.n.i.0/24, from 1. */
  index: number;
  /** The node as the machine reaches it: 10.n.i.2. The node calls itself NODE_ADDRESS, which no other network sees. */
  nodeAddress: string;
  /** The machine as the node reaches it: 10.n.i.1. */
  gatewayAddress: string;
  /** Path of an administrator's kubeconfig that works on the machine. */
  kubeconfig: string;
  /** Name of the network namespace, as `ip netns` shows it. */
  netns: string;
  /** The machine's end of the only wire to the node. */
  veth: string;
  /** Everything the datacenter keeps. */
  dir: string;
};

export type DatacenterState = 'up' | 'down';

/** A container image that a datacenter needs, as an archive that `docker save` or our own assembler writes. */
export type ImageArchive = { reference: string; archive: string };

/** Where a toolchain's binaries are; the toolchain has more, which a datacenter does not need. */
export type DatacenterTools = { key: string; binDir: string };
