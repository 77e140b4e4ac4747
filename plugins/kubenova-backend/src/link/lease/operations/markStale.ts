import { Knex } from 'knex';

/**
 * Marks the clusters whose operator was not heard for so long, by the database's clock (S2), and returns those that were not
 * marked before. Any replica does it for all: whoever held the link may be gone.
 *
 * A `last_seen_at` that lies ahead is taken as now: the database's clock went back, and a silent operator would otherwise seem alive
 * until the clock has caught up, and keep its successor out for as long (S1).
 */
export async function markStale(
  db: Knex,
  staleMs: number,
): Promise<Array<{ clusterId: string; name: string }>> {
  await db('links')
    .where(
      'last_seen_at',
      '>',
      db.raw("clock_timestamp() + interval '1 second'"),
    )
    .update({ last_seen_at: db.raw('clock_timestamp()') });
  const { rows } = await db.raw<{
    rows: Array<{ cluster_id: string; name: string }>;
  }>(
    `UPDATE links SET stale = true FROM clusters
     WHERE clusters.id = links.cluster_id AND NOT links.stale
       AND links.last_seen_at < clock_timestamp() - :staleMs * interval '1 millisecond'
     RETURNING links.cluster_id, clusters.name`,
    { staleMs },
  );
  return rows.map(row => ({ clusterId: row.cluster_id, name: row.name }));
}
