import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { ApplyResultEvent, TenantStatusEvent } from '../link/types';
import type { Placement } from './types';

type Db = Knex | Knex.Transaction;

export interface PlacementStore {
  /** By name of the cluster. */
  list(db: Db, tenantIds: readonly string[]): Promise<Placement[]>;
  /** Names of the tenants placed in a cluster, those that are being deleted included. */
  tenantsIn(db: Db, clusterId: string): Promise<string[]>;
  /**
   * Keeps the placements from being deleted until the end of the transaction (D5).
   *
   * @returns those that are still there.
   */
  share(tx: Knex.Transaction, ids: readonly string[]): Promise<Placement[]>;
  insert(
    tx: Knex.Transaction,
    placement: {
      id: string;
      tenantId: string;
      clusterId: string;
      createdAt: DateTime;
    },
  ): Promise<void>;
  /** Marks a placement for deletion, after those who share it are done. */
  markDeleting(tx: Knex.Transaction, id: string, at: DateTime): Promise<void>;
  delete(tx: Knex.Transaction, id: string): Promise<void>;

  /** @returns the id of the tenant where anything was newer than what is there. */
  recordStatus(
    tx: Knex.Transaction,
    clusterId: string,
    event: TenantStatusEvent,
  ): Promise<string | undefined>;
  /** @returns the id of the tenant where anything was newer than what is there. */
  recordApplyResult(
    tx: Knex.Transaction,
    clusterId: string,
    event: ApplyResultEvent,
  ): Promise<string | undefined>;
}
