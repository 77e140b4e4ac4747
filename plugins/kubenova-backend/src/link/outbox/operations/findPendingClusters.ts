import { Knex } from 'knex';

export const PENDING = `
  SELECT cluster_id FROM unnest(CAST(:clusterIds AS uuid[])) AS held(cluster_id)
  WHERE EXISTS (
      SELECT FROM desired_states desired
      WHERE desired.cluster_id = held.cluster_id AND desired.deleted_at IS NULL
        AND (desired.accepted_generation IS NULL OR desired.accepted_generation < desired.generation))
    AND NOT EXISTS (SELECT FROM behind_keys behind WHERE behind.cluster_id = held.cluster_id)`;

/**
 * Those of the clusters for which something waits that their operator has not accepted (S6): one query for all of a replica's links. What
 * waits for a decision (D9) does not count; the decision nudges.
 */
export async function findPendingClusters(
  db: Knex,
  clusterIds: readonly string[],
): Promise<string[]> {
  const { rows } = await db.raw<{ rows: Array<{ cluster_id: string }> }>(
    PENDING,
    { clusterIds: [...clusterIds] },
  );
  return rows.map(row => row.cluster_id);
}
