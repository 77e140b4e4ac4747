import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { Durability } from '../types';

/** How a link is, for people. What nobody has told yet is absent. */
export interface LinkReport {
  state: 'never_connected' | 'open' | 'closed';
  /** The operator has been silent for 30 s or more (S2), whatever the state says. */
  stale: boolean;
  epoch: number;
  openedAt?: DateTime;
  closedAt?: DateTime;
  closeReason?: string;
  lastSeenAt?: DateTime;
  /** Where the newest session was dialled from. */
  remoteAddress?: string;
  /** The replica of the Manager that holds, or held, the newest session. */
  replica?: string;
  /** Optional parts of the protocol that the operator of the newest session has. */
  capabilities: string[];
  /** How full the operator's journal was when it told last. */
  journal?: {
    depth: number;
    oldestAt?: DateTime;
    bytes: number;
    budgetBytes: number;
  };
  /** From when the newest event of the last batch was seen to its commit; as good as the cluster's clock. */
  lag?: { lastMs: number };
  /** What the operator has not accepted yet. */
  outbox: { waiting: number; oldestAt?: DateTime };
  /** Events that were set aside (E9). */
  parkedEvents: number;
  /** Since when nothing is acknowledged because too many events are poison (E9). */
  haltedAt?: DateTime;
  durability?: Durability;
  /** An operator that was refused since the newest session was opened. */
  refusal?: {
    reason: string;
    message: string;
    at: DateTime;
    remoteAddress?: string;
  };
  /** Two operators take the link from each other (S1). */
  contestedAt?: DateTime;
  /** The Manager lost its past of keys that nobody has decided about (D9). */
  behind?: { since: DateTime; keys: number };
  /** The newest wish for a new key (S7). */
  rotation?: { requestedAt: DateTime; completedAt?: DateTime };
  /** Newest first. */
  recentErrors: Array<{
    at: DateTime;
    reason: string;
    message: string;
    /** How often in a row. */
    count: number;
  }>;
}

/** Tells how links are; kept by the link, asked by the clusters domain. */
export interface LinkReports {
  read(db: Knex, clusterId: string): Promise<LinkReport>;
}
