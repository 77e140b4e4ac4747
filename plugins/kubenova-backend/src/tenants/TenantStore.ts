import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { Tenant } from './types';

type Db = Knex | Knex.Transaction;

export interface TenantStore {
  /** By name. */
  list(db: Db, page: { limit: number; afterName?: string }): Promise<Tenant[]>;
  find(db: Db, name: string): Promise<Tenant | undefined>;
  /** Keeps others from adding tenants until the end of the transaction: names are checked against all others. */
  lockNames(tx: Knex.Transaction): Promise<void>;
  /** A tenant whose name extends the given one by a hyphen, or is extended by it so. */
  findRelatedName(
    tx: Knex.Transaction,
    name: string,
  ): Promise<string | undefined>;
  insert(
    tx: Knex.Transaction,
    tenant: Pick<Tenant, 'id' | 'name' | 'displayName' | 'createdAt'> & {
      createdBy: string;
    },
  ): Promise<void>;
  /**
   * Marks a change of a tenant or its placements.
   *
   * @returns false where the tenant is gone or no longer of that version.
   */
  touch(
    tx: Knex.Transaction,
    change: { id: string; version: number; at: DateTime; deleting?: true },
  ): Promise<boolean>;
  /** Deletes a tenant that is to be deleted and has no placement left; returns whether it did. */
  deleteIfVacated(tx: Knex.Transaction, id: string): Promise<boolean>;
}
