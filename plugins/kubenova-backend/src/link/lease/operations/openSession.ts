import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { raiseGeneration } from '../../outbox/operations/raiseGeneration';
import { recordInstanceChange } from './recordInstanceChange';

export type OpenSessionOutcome =
  | {
      outcome: 'opened';
      epoch: number;
      /** What Welcome tells. */
      ackedSeq: bigint;
      /** The operator's journal and the Manager do not have the same past (E7). */
      snapshotDue: boolean;
      /** Two operators seem to claim the cluster (S1). */
      contested: boolean;
      openedAt: DateTime;
    }
  /** Another process of the operator holds the link and is not silent (S1). */
  | { outcome: 'held' };

export interface OpenSessionOptions {
  clusterId: string;
  processInstance: string;
  incarnation: string;
  /** The acknowledged sequence that the operator knows of. */
  knownAckedSeq: bigint;
  /** The highest sequence that its journal ever gave to an event. */
  assignedSeq: bigint;
  /** The highest epoch that it ever obeyed; 0 where it does not tell. */
  highestEpoch: number;
  /** The highest generation that the operator ever accepted; the counter is raised above it (D9). */
  highestGeneration: number;
  capabilities: readonly string[];
  remoteAddress: string;
  replica: string;
  silenceMs: number;
  /** How long a change of the process instance counts (S1). */
  contestMs: number;
}

interface LinkRow {
  epoch: string;
  process_instance: string | null;
  incarnation: string | null;
  open: boolean;
  silent_ms: number | null;
}

interface TakenRow {
  epoch: string;
  acked_seq: string;
  acked_epoch: string;
  opened_at: Date;
}

/**
 * Takes the link of a cluster: raises the epoch, which fences every older session, and reads the acknowledged sequence under the
 * same lock (E6).
 *
 * It compares and sets: the epoch that is replaced is the one that was judged. A takeover whose client died may still commit later; it
 * then changes nothing that was decided meanwhile (E4). The new epoch is above every one that the operator obeyed, or a database that
 * was restored would lock it out for good (D8). A journal of another incarnation starts at 0; what it holds, its digest tells.
 */
export async function openSession(
  tx: Knex.Transaction,
  options: OpenSessionOptions,
): Promise<OpenSessionOutcome> {
  const { clusterId, incarnation, processInstance } = options;
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
    link.process_instance !== processInstance &&
    (link.silent_ms ?? Infinity) < options.silenceMs;
  if (held) {
    return { outcome: 'held' };
  }
  const taken = await take(tx, link, options);
  if (!taken) {
    return { outcome: 'held' }; // another session was faster; it is judged at the next try
  }
  await raiseGeneration(tx, { clusterId, highest: options.highestGeneration });
  const changed =
    link.process_instance !== null && link.process_instance !== processInstance;
  const contested =
    changed &&
    (await recordInstanceChange(tx, {
      clusterId,
      withinMs: options.contestMs,
    }));
  const sameJournal = link.incarnation === incarnation;
  const ackedSeq = toldAckedSeq(taken, options, sameJournal);
  return {
    outcome: 'opened',
    epoch: Number(taken.epoch),
    ackedSeq,
    snapshotDue: !sameJournal || ackedSeq !== options.knownAckedSeq,
    contested,
    openedAt: DateTime.fromJSDate(taken.opened_at, { zone: 'utc' }),
  };
}

async function take(
  tx: Knex.Transaction,
  link: LinkRow,
  options: OpenSessionOptions,
): Promise<TakenRow | undefined> {
  const { rows } = await tx.raw<{ rows: TakenRow[] }>(
    `UPDATE links SET
       epoch = greatest(epoch, :highestEpoch) + 1,
       acked_seq = CASE WHEN incarnation = :incarnation THEN acked_seq ELSE 0 END,
       acked_epoch = CASE WHEN incarnation = :incarnation THEN acked_epoch ELSE 0 END,
       incarnation = :incarnation, process_instance = :processInstance, replica = :replica,
       remote_address = :remoteAddress, capabilities = :capabilities,
       open = true, opened_at = clock_timestamp(), closed_at = NULL, close_reason = NULL,
       refused_reason = NULL, refused_message = NULL, refused_at = NULL, refused_address = NULL,
       last_seen_at = clock_timestamp(), stale = false
     WHERE cluster_id = :clusterId AND epoch = :epoch
     RETURNING epoch, acked_seq, acked_epoch, opened_at`,
    {
      clusterId: options.clusterId,
      incarnation: options.incarnation,
      processInstance: options.processInstance,
      highestEpoch: options.highestEpoch,
      replica: options.replica,
      remoteAddress: options.remoteAddress,
      capabilities: [...options.capabilities],
      epoch: link.epoch,
    },
  );
  return rows[0];
}

/**
 * An operator writes the epoch down before it sends anything in it. So a journal that has not seen the epoch which acknowledged last is a
 * copy, or was rolled back, and its newest sequences are not the ones that were acknowledged. It is told one that it never gave out,
 * upon which it starts a new incarnation (E6).
 */
function toldAckedSeq(
  taken: TakenRow,
  options: OpenSessionOptions,
  sameJournal: boolean,
): bigint {
  const ackedSeq = BigInt(taken.acked_seq);
  const isBehind =
    sameJournal &&
    options.highestEpoch > 0 &&
    options.highestEpoch < Number(taken.acked_epoch);
  const neverAssigned = options.assignedSeq + 1n;
  return isBehind && neverAssigned > ackedSeq ? neverAssigned : ackedSeq;
}
