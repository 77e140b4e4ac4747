import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { raiseGeneration } from '../../outbox/operations/raiseGeneration';

export type OpenSessionOutcome =
  | {
      outcome: 'opened';
      epoch: number;
      ackedSeq: bigint;
      /** The operator's journal and the Manager do not have the same past (E7). */
      snapshotDue: boolean;
      openedAt: DateTime;
    }
  /** Another process of the operator holds the link and is not silent (S1). */
  | { outcome: 'held' };

interface LinkRow {
  epoch: string;
  process_instance: string | null;
  incarnation: string | null;
  open: boolean;
  silent_ms: number | null;
}

/**
 * Takes the link of a cluster: raises the epoch, which fences every older session, and reads the acknowledged sequence under the
 * same lock (E6).
 *
 * It compares and sets: the epoch that is replaced is the one that was judged. A takeover whose client died may still commit later; it
 * then changes nothing that was decided meanwhile (E4). A journal of another incarnation starts at 0; what it holds, its
 * digest tells.
 */
export async function openSession(
  tx: Knex.Transaction,
  options: {
    clusterId: string;
    processInstance: string;
    incarnation: string;
    /** The acknowledged sequence that the operator knows of. */
    knownAckedSeq: bigint;
    /** The highest generation that the operator ever accepted; the counter is raised above it (D9). */
    highestGeneration: number;
    replica: string;
    silenceMs: number;
  },
): Promise<OpenSessionOutcome> {
  const { clusterId, incarnation } = options;
  await tx('links')
    .insert({ cluster_id: clusterId })
    .onConflict('cluster_id')
    .ignore();
  const { rows: judged } = await tx.raw<{ rows: LinkRow[] }>(
    `SELECT epoch, process_instance, incarnation, open,
            (extract(epoch FROM clock_timestamp() - last_seen_at) * 1000)::float8 AS silent_ms
     FROM links WHERE cluster_id = :clusterId`,
    { clusterId },
  );
  const [link] = judged;
  const held =
    link.open &&
    link.process_instance !== options.processInstance &&
    (link.silent_ms ?? Infinity) < options.silenceMs;
  if (held) {
    return { outcome: 'held' };
  }

  const { rows: taken } = await tx.raw<{
    rows: Array<{ epoch: string; acked_seq: string; opened_at: Date }>;
  }>(
    `UPDATE links SET
       epoch = epoch + 1,
       acked_seq = CASE WHEN incarnation = :incarnation THEN acked_seq ELSE 0 END,
       incarnation = :incarnation, process_instance = :processInstance, replica = :replica,
       open = true, opened_at = clock_timestamp(), closed_at = NULL, close_reason = NULL,
       last_seen_at = clock_timestamp(), stale = false
     WHERE cluster_id = :clusterId AND epoch = :epoch
     RETURNING epoch, acked_seq, opened_at`,
    {
      clusterId,
      incarnation,
      processInstance: options.processInstance,
      replica: options.replica,
      epoch: link.epoch,
    },
  );
  if (taken.length === 0) {
    return { outcome: 'held' }; // another session was faster; it is judged at the next try
  }
  await raiseGeneration(tx, { clusterId, highest: options.highestGeneration });
  const newJournal = link.incarnation !== incarnation;
  const ackedSeq = BigInt(taken[0].acked_seq);
  return {
    outcome: 'opened',
    epoch: Number(taken[0].epoch),
    ackedSeq,
    snapshotDue: newJournal || ackedSeq !== options.knownAckedSeq,
    openedAt: DateTime.fromJSDate(taken[0].opened_at, { zone: 'utc' }),
  };
}
