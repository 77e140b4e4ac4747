import { wireSizeOf } from '../mappers/eventSize.ts';
import type { prepareEventStatements } from './eventStatements.ts';
import type { Facts } from './Facts.ts';

/** An event with its sequence, as it goes on the wire: `body` is an encoded Event whose seq is unset; `bytes` has the seq. */
export type SequencedEvent = { seq: number; body: Uint8Array; bytes: number };

export type BatchLimits = {
  after: number;
  upTo: number;
  maxEvents: number;
  /** Of the batch. The first event counts whatever its size, or it could never be sent. */
  maxBytes: number;
  /** What may still be sent in this session, the first event included (S5). */
  leftBytes?: number;
  /** Whether the Manager takes lifecycle records; unless it says so, others go past them. */
  lifecycle?: boolean;
};

/**
 * The next events after a sequence: those that have one already, then waiting ones, which get theirs here. Within the caller's transaction,
 * which is durable before any of them is sent (E1).
 */
export function takeBatch(
  limits: BatchLimits,
  journal: { sql: ReturnType<typeof prepareEventStatements>; facts: Facts },
): SequencedEvent[] {
  const { sql, facts } = journal;
  const { leftBytes = Infinity, lifecycle = false } = limits;
  const batch: SequencedEvent[] = [];
  let sum = 0;
  const add = (seq: number, body: Uint8Array): boolean => {
    const bytes = wireSizeOf(body, seq);
    sum += bytes;
    const fits =
      seq <= limits.upTo &&
      sum <= leftBytes &&
      (!batch.length || sum <= limits.maxBytes);
    if (fits) {
      batch.push({ seq, body, bytes });
    }
    return fits;
  };

  for (const row of sql.sent.all(limits.after, limits.maxEvents)) {
    if (!add(Number(row.seq), row.body as Uint8Array)) {
      return batch;
    }
  }
  const assigned = facts.getNumber('assigned_seq');
  let seq = assigned;
  const waiting = lifecycle ? sql.waiting : sql.waitingButLifecycle;
  for (const row of waiting.all(limits.maxEvents - batch.length)) {
    if (!add(seq + 1, row.body as Uint8Array)) {
      break;
    }
    seq += 1;
    sql.assign.run(seq, row.place);
  }
  if (seq > assigned) {
    facts.set('assigned_seq', seq);
  }
  return batch;
}
