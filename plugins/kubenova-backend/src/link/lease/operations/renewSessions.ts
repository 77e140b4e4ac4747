import { Knex } from 'knex';
import { DateTime } from 'luxon';

/** A session as this replica knows it. */
export interface RenewedSession {
  clusterId: string;
  epoch: number;
  /** How long the operator has been silent. */
  silentMs: number;
  /** What it has acknowledged. */
  ackedSeq: bigint;
  /** What it last told of its journal. */
  journal?: JournalFill;
}

/** How full an operator's journal is. */
export interface JournalFill {
  depth: number;
  oldestAt?: DateTime;
  bytes: number;
  budgetBytes: number;
}

export interface Renewal {
  /**
   * Sessions whose epoch is no longer the link's, whose cluster is gone, or whose database has forgotten what they acknowledged: it was
   * restored, to a moment at which they were open already (E6, D9).
   */
  fencedClusterIds: string[];
  /** Sessions whose operator is to have a new key (S7). */
  rotations: Array<{ clusterId: string; rotationId: string }>;
}

/**
 * Writes when the operators of this replica's sessions were last heard and how full their journals are, and tells what was decided
 * about the sessions meanwhile.
 *
 * One statement for all sessions. A row that someone else has locked is left out rather than waited for, so that one slow ingest does
 * not hold up the renewal of all; ingest writes `last_seen_at` itself. A `last_seen_at` that lies ahead, because the database's clock
 * went back, is not kept.
 */
export async function renewSessions(
  db: Knex,
  sessions: readonly RenewedSession[],
): Promise<Renewal> {
  const { rows } = await db.raw<{
    rows: Array<{
      cluster_id: string;
      fenced: boolean;
      rotation_id: string | null;
    }>;
  }>(
    `WITH mine AS (
       SELECT * FROM unnest(
           CAST(:clusterIds AS uuid[]), CAST(:epochs AS bigint[]), CAST(:silentMs AS float8[]), CAST(:ackedSeqs AS bigint[]),
           CAST(:depths AS bigint[]), CAST(:oldestAt AS timestamptz[]), CAST(:bytes AS bigint[]), CAST(:budgets AS bigint[]))
         AS mine(cluster_id, epoch, silent_ms, acked_seq, depth, oldest_at, bytes, budget_bytes)
     ), free AS (
       SELECT links.cluster_id FROM links JOIN mine USING (cluster_id)
       WHERE links.epoch = mine.epoch
       ORDER BY links.cluster_id FOR NO KEY UPDATE OF links SKIP LOCKED
     ), renewed AS (
       UPDATE links SET
         last_seen_at = least(clock_timestamp(),
           greatest(links.last_seen_at, clock_timestamp() - mine.silent_ms * interval '1 millisecond')),
         stale = false,
         journal_depth = coalesce(mine.depth, journal_depth),
         journal_oldest_at = CASE WHEN mine.depth IS NULL THEN journal_oldest_at ELSE mine.oldest_at END,
         journal_bytes = coalesce(mine.bytes, journal_bytes),
         journal_budget_bytes = coalesce(mine.budget_bytes, journal_budget_bytes)
       FROM mine JOIN free USING (cluster_id)
       WHERE links.cluster_id = mine.cluster_id AND links.epoch = mine.epoch
     )
     SELECT mine.cluster_id, links.rotation_id, links.cluster_id IS NULL OR links.acked_seq < mine.acked_seq AS fenced
     FROM mine
     LEFT JOIN links ON links.cluster_id = mine.cluster_id AND links.epoch = mine.epoch
     WHERE links.cluster_id IS NULL OR links.acked_seq < mine.acked_seq
       OR (rotation_id IS NOT NULL AND rotation_completed_at IS NULL)`,
    {
      clusterIds: sessions.map(session => session.clusterId),
      epochs: sessions.map(session => session.epoch),
      silentMs: sessions.map(session => session.silentMs),
      ackedSeqs: sessions.map(({ ackedSeq }) => ackedSeq.toString()),
      depths: sessions.map(({ journal }) => journal?.depth ?? null),
      oldestAt: sessions.map(
        ({ journal }) => journal?.oldestAt?.toISO() ?? null,
      ),
      bytes: sessions.map(({ journal }) => journal?.bytes ?? null),
      budgets: sessions.map(({ journal }) => journal?.budgetBytes ?? null),
    },
  );
  return {
    fencedClusterIds: rows
      .filter(({ fenced }) => fenced)
      .map(row => row.cluster_id),
    rotations: rows.flatMap(row =>
      row.fenced || row.rotation_id === null
        ? []
        : [{ clusterId: row.cluster_id, rotationId: row.rotation_id }],
    ),
  };
}
