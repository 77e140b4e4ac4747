import { Knex } from 'knex';

/**
 * The first statement of each ingest: moves the acknowledged sequence and takes the link row's lock until the commit (E4).
 *
 * No row: the session was fenced, or the sequence is not where the session believes it to be (its last commit had an unknown end).
 * Either way it must not write; the next session is told the truth.
 */
export async function advanceAckedSeq(
  tx: Knex.Transaction,
  batch: {
    clusterId: string;
    epoch: number;
    incarnation: string;
    fromSeq: bigint;
    toSeq: bigint;
  },
): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `UPDATE links SET acked_seq = :toSeq, last_seen_at = clock_timestamp(), stale = false
     WHERE cluster_id = :clusterId AND epoch = :epoch AND incarnation = :incarnation AND acked_seq = :fromSeq
     RETURNING acked_seq`,
    {
      clusterId: batch.clusterId,
      epoch: batch.epoch,
      incarnation: batch.incarnation,
      fromSeq: batch.fromSeq.toString(),
      toSeq: batch.toSeq.toString(),
    },
  );
  return rows.length === 1;
}
