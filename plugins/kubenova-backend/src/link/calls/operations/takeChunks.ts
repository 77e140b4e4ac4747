import { Knex } from 'knex';
import { AnswerChunk } from './storeChunks';

export type CallState =
  /** No session has taken it yet. */
  | 'waiting'
  /** The session that has taken it is the newest and open. */
  | 'sent'
  /** The session that has taken it is over. */
  | 'lost'
  | 'unsupported'
  /** The deadline is over, by the database's clock. */
  | 'expired'
  /** The row is gone: swept, or its cluster was deleted. */
  | 'gone';

interface TakenRow {
  state: CallState;
  remaining_ms: number;
  index: number | null;
  jwe: Buffer | null;
  last: boolean | null;
  error: string | null;
}

/**
 * Takes the parts of an answer that are there, in their order, and tells how the call stands. All of it is seen at one instant: where the
 * session is over, no part comes after these.
 */
export async function takeChunks(
  db: Knex,
  callId: string,
): Promise<{
  state: CallState;
  /** What is left until the deadline, in milliseconds. */
  remainingMs: number;
  chunks: AnswerChunk[];
}> {
  const { rows } = await db.raw<{ rows: TakenRow[] }>(
    `WITH taken AS (
       DELETE FROM call_chunks WHERE call_id = :callId RETURNING *
     )
     SELECT taken.index, taken.jwe, taken.last, taken.error,
       CASE
         WHEN calls.deadline <= clock_timestamp() THEN 'expired'
         WHEN calls.state = 'sent' AND (links.epoch <> calls.claimed_epoch OR NOT links.open) THEN 'lost'
         ELSE calls.state
       END AS state,
       (extract(epoch FROM calls.deadline - clock_timestamp()) * 1000)::float8 AS remaining_ms
     FROM calls JOIN links USING (cluster_id) LEFT JOIN taken ON taken.call_id = calls.id
     WHERE calls.id = :callId ORDER BY taken.index`,
    { callId },
  );
  return {
    state: rows[0]?.state ?? 'gone',
    remainingMs: Math.max(0, Math.ceil(rows[0]?.remaining_ms ?? 0)),
    chunks: rows
      .filter(row => row.index !== null)
      .map(row => ({
        callId,
        index: Number(row.index),
        jwe: row.jwe ?? Buffer.alloc(0),
        last: row.last === true,
        error: row.error ?? undefined,
      })),
  };
}
