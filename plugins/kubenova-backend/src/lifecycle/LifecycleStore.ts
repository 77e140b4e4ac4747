import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { LifecycleEntry, LifecycleGap, LifecycleStep } from './types';

type Db = Knex | Knex.Transaction;

export interface LifecycleStore {
  /** Keeps what operators told. An entry that comes twice counts once. */
  record(
    tx: Knex.Transaction,
    entries: ReadonlyArray<{ clusterId: string; entry: LifecycleEntry }>,
  ): Promise<void>;
  /** Newest first; steps of a key, or of all, and gaps in any case: what they hide is not known. */
  list(
    db: Db,
    query: {
      clusterId: string;
      key?: string;
      limit: number;
      before?: { observedAt: DateTime; id: string };
    },
  ): Promise<Array<LifecycleStep | LifecycleGap>>;
}
