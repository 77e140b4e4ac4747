import { Knex } from 'knex';

/**
 * Writes when the operators of this replica's sessions were last heard, and tells which sessions were fenced meanwhile: their epoch
 * is no longer the link's, or their cluster is gone.
 *
 * One statement for all sessions. A row that someone else has locked is left out rather than waited for, so that one slow ingest does
 * not hold up the renewal of all; ingest writes `last_seen_at` itself.
 */
export async function renewSessions(
  db: Knex,
  sessions: ReadonlyArray<{
    clusterId: string;
    epoch: number;
    /** How long the operator has been silent. */
    silentMs: number;
  }>,
): Promise<{ fencedClusterIds: string[] }> {
  const { rows } = await db.raw<{ rows: Array<{ cluster_id: string }> }>(
    `WITH mine AS (
       SELECT * FROM unnest(CAST(:clusterIds AS uuid[]), CAST(:epochs AS bigint[]), CAST(:silentMs AS float8[]))
         AS mine(cluster_id, epoch, silent_ms)
     ), free AS (
       SELECT links.cluster_id FROM links JOIN mine USING (cluster_id)
       WHERE links.epoch = mine.epoch
       ORDER BY links.cluster_id FOR NO KEY UPDATE OF links SKIP LOCKED
     ), renewed AS (
       UPDATE links SET
         last_seen_at = greatest(links.last_seen_at, clock_timestamp() - mine.silent_ms * interval '1 millisecond'),
         stale = false
       FROM mine JOIN free USING (cluster_id)
       WHERE links.cluster_id = mine.cluster_id AND links.epoch = mine.epoch
     )
     SELECT mine.cluster_id FROM mine
     LEFT JOIN links ON links.cluster_id = mine.cluster_id AND links.epoch = mine.epoch
     WHERE links.cluster_id IS NULL`,
    {
      clusterIds: sessions.map(session => session.clusterId),
      epochs: sessions.map(session => session.epoch),
      silentMs: sessions.map(session => session.silentMs),
    },
  );
  return { fencedClusterIds: rows.map(row => row.cluster_id) };
}
