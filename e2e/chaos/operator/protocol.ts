/** What the harness and an operator's process say to each other: one JSON object a line. */
export type OperatorOptions = {
  /** The volume: has the journal. */
  volume: string;
  /** The datacenter: has the objects, the Lease, the key and the join token. */
  datacenter: string;
  url: string;
  ca: string;
  installationId: string;
  /** novaClusterID. */
  clusterId: string;
  /** Names this process in what it writes. */
  processInstance: string;
  /** How far the clock is off, in milliseconds. */
  clockOffsetMs: number;
};

export type Order =
  /** Records with these numbers, each an hour of usage; durable when the order is answered. */
  | { emit: number[] }
  /** The state of an object changes by itself. */
  | { touch: string }
  | { clockOffsetMs: number };

export type News =
  /** This process holds the Lease, and its journal is open. */
  | { news: 'leading' }
  /** A line of the operator's log about a session. */
  | { news: 'session'; message: string; epoch?: number; reason?: string }
  /** A desired state was stored. */
  | { news: 'stored'; key: string; generation: number };
