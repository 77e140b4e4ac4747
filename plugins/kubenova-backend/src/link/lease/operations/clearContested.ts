import { Knex } from 'knex';

/** Clears what says that two operators claim a cluster, where the link has not changed hands for so long (S1). */
export async function clearContested(
  db: Knex,
  afterMs: number,
): Promise<Array<{ name: string }>> {
  const { rows } = await db.raw<{ rows: Array<{ name: string }> }>(
    `UPDATE links SET contested_at = NULL FROM clusters
     WHERE clusters.id = links.cluster_id AND contested_at IS NOT NULL
       AND NOT contested_at BETWEEN clock_timestamp() - :afterMs * interval '1 millisecond' AND clock_timestamp()
     RETURNING clusters.name`,
    { afterMs },
  );
  return rows;
}
