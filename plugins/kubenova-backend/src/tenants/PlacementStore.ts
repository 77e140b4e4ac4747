import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type {
  ApplyResultEvent,
  EventPosition,
  OperatorEvent,
  TenantStatusEvent,
} from '../link/types';
import type { WrittenApplyResult } from '../sync';
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
  /**
   * Deletes one whose deletion was asked for. Of others a confirmation may come as well, after the database was restored (D9): they stay.
   *
   * @returns whether it was deleted.
   */
  deleteConfirmed(tx: Knex.Transaction, id: string): Promise<boolean>;

  /** @returns those that were newer than what is there, and were written. */
  recordStatuses(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<TenantStatusEvent>>,
  ): Promise<TenantStatusEvent[]>;
  /** @returns those that were newer than what is there, and were written, each with the id of its tenant. */
  recordApplyResults(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
  ): Promise<WrittenApplyResult[]>;
  /**
   * Marks placements whose last event is older than the begin of a snapshot (E7).
   *
   * @returns the names of their tenants.
   */
  markNotObserved(
    tx: Knex.Transaction,
    clusterId: string,
    begin: EventPosition,
  ): Promise<string[]>;
}
