import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type {
  ApplicationStatusEvent,
  ApplyResultEvent,
  EventPosition,
  OperatorEvent,
} from '../link/types';
import type { WrittenApplyResult } from '../sync';
import type { WrittenApplicationStatus } from './operations/recordApplicationStatuses';
import type { Deployment } from './types';

type Db = Knex | Knex.Transaction;

export interface DeploymentStore {
  /** By name of the cluster. */
  list(db: Db, applicationIds: readonly string[]): Promise<Deployment[]>;
  /** Names of the applications deployed in a placement, those that are being deleted included. */
  inPlacement(db: Db, placementId: string): Promise<string[]>;
  insert(
    tx: Knex.Transaction,
    deployment: {
      id: string;
      applicationId: string;
      placementId: string;
      clusterId: string;
      revision: number;
      createdAt: DateTime;
    },
  ): Promise<void>;
  setRevision(
    tx: Knex.Transaction,
    ids: readonly string[],
    revision: number,
  ): Promise<void>;
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
    events: ReadonlyArray<OperatorEvent<ApplicationStatusEvent>>,
  ): Promise<WrittenApplicationStatus[]>;
  /** @returns those that were newer than what is there, and were written, each with the id of its application. */
  recordApplyResults(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
  ): Promise<WrittenApplyResult[]>;
  /**
   * Marks deployments whose last event is older than the begin of a snapshot (E7).
   *
   * @returns their applications.
   */
  markNotObserved(
    tx: Knex.Transaction,
    clusterId: string,
    begin: EventPosition,
  ): Promise<Array<{ id: string; tenant: string; name: string }>>;
}
