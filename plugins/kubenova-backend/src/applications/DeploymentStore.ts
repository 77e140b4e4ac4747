import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { ApplicationStatusEvent, ApplyResultEvent } from '../link/types';
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

  /** @returns the id of the application where anything was newer than what is there. */
  recordStatus(
    tx: Knex.Transaction,
    clusterId: string,
    event: ApplicationStatusEvent,
  ): Promise<string | undefined>;
  /** @returns the id of the application where anything was newer than what is there. */
  recordApplyResult(
    tx: Knex.Transaction,
    clusterId: string,
    event: ApplyResultEvent,
  ): Promise<string | undefined>;
}
