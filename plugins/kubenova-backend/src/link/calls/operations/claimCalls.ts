import { Knex } from 'knex';

/** A question that a session has taken and has to send. */
export interface ClaimedCall {
  id: string;
  method: string;
  payload: Buffer;
  recipientKey: Buffer;
  upToIndex: number;
  /** What is left until the deadline, in milliseconds. */
  remainingMs: number;
}

interface ClaimedRow {
  id: string;
  method: string;
  payload: Buffer;
  recipient_key: Buffer;
  up_to_index: number;
  remaining_ms: number;
}

/**
 * Takes the questions that wait for a session, oldest first, and writes its epoch on them. Committed before anything is sent, so
 * whatever happens then, no session sends them again (S8). A session that was fenced takes none, and none is taken after its deadline.
 *
 * Where a takeover commits at the same instant, a fenced session may still take one: it is then lost, as if it had been sent just before.
 */
export async function claimCalls(
  db: Knex,
  session: { clusterId: string; epoch: number; limit: number },
): Promise<ClaimedCall[]> {
  const { rows } = await db.raw<{ rows: ClaimedRow[] }>(
    `UPDATE calls SET state = 'sent', claimed_epoch = :epoch
     WHERE id IN (
       SELECT id FROM calls WHERE cluster_id = :clusterId AND claimed_epoch IS NULL AND deadline > clock_timestamp()
         AND EXISTS (SELECT FROM links WHERE links.cluster_id = :clusterId AND links.epoch = :epoch)
       ORDER BY asked_at LIMIT :limit FOR UPDATE SKIP LOCKED)
     RETURNING id, method, payload, recipient_key, up_to_index,
       (extract(epoch FROM deadline - clock_timestamp()) * 1000)::float8 AS remaining_ms`,
    session,
  );
  return rows.map(row => ({
    id: row.id,
    method: row.method,
    payload: row.payload,
    recipientKey: row.recipient_key,
    upToIndex: row.up_to_index,
    remainingMs: Math.max(1, Math.ceil(row.remaining_ms)),
  }));
}
