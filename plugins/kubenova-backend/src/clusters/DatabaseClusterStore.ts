import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type {
  ApplyResultEvent,
  ClusterStatusEvent,
  EventPosition,
  OperatorEvent,
} from '../link/types';
import type { ClusterConfig } from '../schema/openapi/generated/models';
import { markNotObserved, recordApplyResults } from '../sync';
import { toCluster, type ClusterRow } from './clusterRows';
import type { ClusterStore } from './ClusterStore';
import { recordClusterStatuses } from './operations/recordClusterStatuses';
import { recordSession } from './operations/recordSession';
import type { BootstrapProgress, Cluster } from './types';

type Db = Knex | Knex.Transaction;

export class DatabaseClusterStore implements ClusterStore {
  async list(
    db: Db,
    page: { limit: number; afterName?: string },
  ): Promise<Cluster[]> {
    const rows = await db<ClusterRow>('clusters')
      .modify(query => {
        if (page.afterName !== undefined) {
          query.where('name', '>', page.afterName);
        }
      })
      .orderBy('name')
      .limit(page.limit);
    return rows.map(toCluster);
  }

  async find(db: Db, name: string): Promise<Cluster | undefined> {
    const [cluster] = await this.findByNames(db, [name]);
    return cluster;
  }

  async findByNames(db: Db, names: readonly string[]): Promise<Cluster[]> {
    const rows = await db<ClusterRow>('clusters').whereIn('name', [...names]);
    return rows.map(toCluster);
  }

  async insert(
    tx: Knex.Transaction,
    cluster: Pick<
      Cluster,
      'id' | 'novaClusterId' | 'name' | 'datacenter' | 'config' | 'createdAt'
    >,
  ): Promise<void> {
    await tx('clusters').insert({
      id: cluster.id,
      nova_cluster_id: cluster.novaClusterId,
      name: cluster.name,
      datacenter: cluster.datacenter,
      status: 'pending_bootstrap',
      config: JSON.stringify(cluster.config),
      created_at: cluster.createdAt.toJSDate(),
      updated_at: cluster.createdAt.toJSDate(),
    });
  }

  async update(
    tx: Knex.Transaction,
    change: {
      id: string;
      version: number;
      datacenter: string;
      config: ClusterConfig;
      at: DateTime;
    },
  ): Promise<boolean> {
    const updated = await tx('clusters')
      .where({ id: change.id, version: change.version })
      .update({
        datacenter: change.datacenter,
        config: JSON.stringify(change.config),
        updated_at: change.at.toJSDate(),
        version: change.version + 1,
      });
    return updated === 1;
  }

  async setProgress(
    db: Db,
    id: string,
    progress: BootstrapProgress,
  ): Promise<boolean> {
    const updated = await db('clusters')
      .where({ id })
      .whereNull('connected_at')
      .update({
        progress: JSON.stringify({
          ...progress,
          updatedAt: progress.updatedAt.toISO(),
        }),
      });
    return updated === 1;
  }

  async delete(tx: Knex.Transaction, id: string): Promise<void> {
    await tx('clusters').where({ id }).delete();
  }

  async recordSession(
    tx: Knex.Transaction,
    session: {
      clusterId: string;
      operatorVersion: string;
      kubernetesVersion: string;
      at: DateTime;
    },
  ): Promise<Cluster | undefined> {
    const row = await recordSession(tx, session);
    return row && toCluster(row);
  }

  async recordStatuses(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ClusterStatusEvent>>,
  ): Promise<string[]> {
    return recordClusterStatuses(tx, events);
  }

  async recordApplyResults(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
  ): Promise<string[]> {
    // The uid of a cluster's configuration is the id of its row.
    const written = await recordApplyResults(tx, 'clusters', events);
    return written.map(({ ownerId }) => ownerId);
  }

  async markNotObserved(
    tx: Knex.Transaction,
    clusterId: string,
    begin: EventPosition,
  ): Promise<boolean> {
    const marked = await markNotObserved(tx, {
      table: 'clusters',
      clusterId,
      begin,
    });
    return marked.length > 0;
  }
}
