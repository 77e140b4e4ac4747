import { Knex } from 'knex';

/** Those of the clusters for whose session a question waits: one query for all of a replica's links. */
export async function findClustersWithCalls(
  db: Knex,
  clusterIds: readonly string[],
): Promise<string[]> {
  const rows = await db<{ cluster_id: string }>('calls')
    .distinct('cluster_id')
    .whereIn('cluster_id', [...clusterIds])
    .whereNull('claimed_epoch')
    .andWhereRaw('deadline > clock_timestamp()');
  return rows.map(row => row.cluster_id);
}
