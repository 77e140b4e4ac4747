/*
 * What the harness and a replica say to each other: one JSON object a line, orders on standard input, answers on standard output.
 */
import { LinkPeriods } from '../../settings';

export interface ReplicaOptions {
  /** Of Postgres, as this replica reaches it. */
  connectionString: string;
  /** Of the link's listener, on loopback. */
  port: number;
  /** How operators reach the replicas. */
  publicUrl: string;
  periods: Partial<LinkPeriods>;
  /** How far the replica's clock is off, in milliseconds. */
  clockOffsetMs: number;
  /** A release that finds the data of every event at fault (E9). */
  poison: boolean;
  /** Whether it keeps the ledger; one that measures load does not. */
  hasLedger: boolean;
  /** What has to be there before the first replica starts; with it, the process ends when it is. */
  prepare?: { clusters: PreparedCluster[] };
}

/** A cluster that waits for its operator. */
export interface PreparedCluster {
  id: string;
  name: string;
  novaClusterId: string;
  joinToken: string;
}

export type Order =
  | { put: { clusterId: string; key: string; uid: string; yaml: string } }
  | { remove: { clusterId: string; key: string; uid: string } }
  | { clockOffsetMs: number }
  /** What its datacenter has is what the cluster is to have (D9). */
  | { adopt: { id: string; name: string } }
  /** Events that were set aside are tried again (E9). */
  | { replay: { id: string; name: string } }
  /** Memory after the garbage was collected, and what is open: sockets, timers and the like. */
  | { memory: true };

/** An order has a number, which its answer repeats. */
export type NumberedOrder = Order & { id: number };

export type Answer =
  | { id: number; result: unknown }
  | { id: number; error: { name: string; message: string } };

/** What a replica says by itself. */
export type News =
  | { news: 'listening' }
  | { news: 'prepared'; installationId: string; caPem: string };
