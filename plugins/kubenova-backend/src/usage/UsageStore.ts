import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { UsageRecord } from './types';

type Db = Knex | Knex.Transaction;

/** A tenant in a cluster, of which usage is known or expected. */
export interface UsageSource {
  tenant: string;
  cluster: { id: string; name: string };
}

export interface UsageStore {
  /** Keeps records, each together with what was kept under the same natural key. The same record again changes nothing. */
  record(tx: Knex.Transaction, records: readonly UsageRecord[]): Promise<void>;
  /** Records of hours from `from` to before `to`, by tenant, cluster and hour. */
  find(
    db: Db,
    query: { from: DateTime; to: DateTime; tenant?: string; cluster?: string },
  ): Promise<UsageRecord[]>;
  /** Where tenants are placed now: there, usage is expected. */
  placements(
    db: Db,
    query: { tenant?: string; cluster?: string },
  ): Promise<UsageSource[]>;
  /** Whether there is, or was, a tenant or a cluster of that name. */
  isKnown(db: Db, what: 'tenant' | 'cluster', name: string): Promise<boolean>;
}
