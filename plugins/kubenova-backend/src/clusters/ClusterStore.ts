import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type {
  ApplyResultEvent,
  ClusterStatusEvent,
  EventPosition,
  OperatorEvent,
} from '../link/types';
import type { ClusterConfig } from '../schema/openapi/generated/models';
import type { BootstrapProgress, Cluster } from './types';

type Db = Knex | Knex.Transaction;

export interface ClusterStore {
  /** By name. */
  list(db: Db, page: { limit: number; afterName?: string }): Promise<Cluster[]>;
  find(db: Db, name: string): Promise<Cluster | undefined>;
  /** Those of the names that are there. */
  findByNames(db: Db, names: readonly string[]): Promise<Cluster[]>;
  insert(
    tx: Knex.Transaction,
    cluster: Pick<
      Cluster,
      'id' | 'novaClusterId' | 'name' | 'datacenter' | 'config' | 'createdAt'
    >,
  ): Promise<void>;
  /** @returns false where the cluster is gone or no longer of that version. */
  update(
    tx: Knex.Transaction,
    change: {
      id: string;
      version: number;
      datacenter: string;
      config: ClusterConfig;
      at: DateTime;
    },
  ): Promise<boolean>;
  /** @returns false where the operator has connected meanwhile. */
  setProgress(
    db: Db,
    id: string,
    progress: BootstrapProgress,
  ): Promise<boolean>;
  delete(tx: Knex.Transaction, id: string): Promise<void>;

  /** Takes over what a new session tells. */
  recordSession(
    tx: Knex.Transaction,
    session: {
      clusterId: string;
      operatorVersion: string;
      kubernetesVersion: string;
      at: DateTime;
    },
  ): Promise<Cluster | undefined>;
  /** @returns the ids of the clusters of which anything was newer than what is there. */
  recordStatuses(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ClusterStatusEvent>>,
  ): Promise<string[]>;
  /** @returns the ids of the clusters of which anything was newer than what is there. */
  recordApplyResults(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
  ): Promise<string[]>;
  /** Marks a cluster whose last event is older than the begin of a snapshot (E7); returns whether it did. */
  markNotObserved(
    tx: Knex.Transaction,
    clusterId: string,
    begin: EventPosition,
  ): Promise<boolean>;
}
