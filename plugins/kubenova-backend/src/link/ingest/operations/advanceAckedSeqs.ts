import { Knex } from 'knex';
import { PreparedBatch } from '../PreparedBatch';

/**
 * The first statement of each ingest: moves the acknowledged sequences of any number of links, and takes their rows' locks until the
 * commit, in the order of their ids (E4, E5). It is a sign of life as well, and notes how late the newest event of each batch is, by
 * the database's clock.
 *
 * A cluster that is not in the answer must not be written: its session was fenced, or the sequence is not where the session believes
 * it to be (its last commit had an unknown end), or, unless `wait` is set, somebody else has the row.
 *
 * @returns the ids of the clusters whose batches may be written.
 */
export async function advanceAckedSeqs(
  tx: Knex.Transaction,
  batches: readonly PreparedBatch[],
  options: { wait: boolean },
): Promise<Set<string>> {
  const { rows } = await tx.raw<{ rows: Array<{ cluster_id: string }> }>(
    `WITH batches AS (
       SELECT * FROM unnest(
         CAST(:clusterIds AS uuid[]), CAST(:epochs AS bigint[]), CAST(:incarnations AS uuid[]), CAST(:fromSeqs AS bigint[]),
         CAST(:toSeqs AS bigint[]), CAST(:observedMs AS float8[])
       ) AS batches(cluster_id, epoch, incarnation, from_seq, to_seq, observed_ms)
     ), mine AS MATERIALIZED (
       SELECT batches.* FROM links JOIN batches USING (cluster_id)
       WHERE links.epoch = batches.epoch AND links.incarnation = batches.incarnation AND links.acked_seq = batches.from_seq
       ORDER BY links.cluster_id FOR NO KEY UPDATE OF links ${
         options.wait ? '' : 'SKIP LOCKED'
       }
     )
     UPDATE links SET
       acked_seq = mine.to_seq, acked_epoch = mine.epoch, last_seen_at = clock_timestamp(), stale = false, poison_halted_at = NULL,
       event_lag_ms = coalesce(
         greatest(0, CAST(extract(epoch FROM clock_timestamp()) * 1000 - mine.observed_ms AS bigint)), links.event_lag_ms)
     FROM mine
     WHERE links.cluster_id = mine.cluster_id AND links.epoch = mine.epoch AND links.acked_seq = mine.from_seq
     RETURNING links.cluster_id`,
    toColumns(batches),
  );
  return new Set(rows.map(row => row.cluster_id));
}

function toColumns(batches: readonly PreparedBatch[]) {
  return {
    clusterIds: batches.map(({ batch }) => batch.cluster.id),
    epochs: batches.map(({ batch }) => batch.epoch),
    incarnations: batches.map(({ batch }) => batch.incarnation),
    fromSeqs: batches.map(({ batch }) => batch.ackedSeq.toString()),
    toSeqs: batches.map(({ toSeq }) => toSeq.toString()),
    // As a number: a time that Postgres can't keep must not fail this statement.
    observedMs: batches.map(
      ({ newestObservedAt }) => newestObservedAt?.toMillis() ?? null,
    ),
  };
}
