import { Knex } from 'knex';

/** So many changes within the window are those of two operators which take the link from each other. */
const CHANGES_OF_TWO_OPERATORS = 3;

/**
 * Writes that another process of the operator has taken the link, and tells whether two operators seem to claim the cluster (S1): the
 * third change within the window says so, and every further one until the window has passed without any. For a transaction that holds
 * the link row. Changes that lie ahead, because the database's clock went back, do not count.
 */
export async function recordInstanceChange(
  tx: Knex.Transaction,
  options: { clusterId: string; withinMs: number },
): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: Array<{ contested: boolean }> }>(
    `WITH recent AS (
       SELECT array_agg(at ORDER BY at) AS changes
       FROM (
         SELECT at FROM links, unnest(instance_changes || clock_timestamp()) AS at
         WHERE cluster_id = :clusterId
           AND at BETWEEN clock_timestamp() - :withinMs * interval '1 millisecond' AND clock_timestamp()
         ORDER BY at DESC LIMIT :changes
       ) newest
     )
     UPDATE links SET
       instance_changes = recent.changes,
       contested_at = CASE
         WHEN cardinality(recent.changes) >= :changes
           OR contested_at > clock_timestamp() - :withinMs * interval '1 millisecond'
         THEN clock_timestamp() END
     FROM recent WHERE cluster_id = :clusterId
     RETURNING contested_at IS NOT NULL AS contested`,
    { ...options, changes: CHANGES_OF_TWO_OPERATORS },
  );
  return rows[0].contested;
}
