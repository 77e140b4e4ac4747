import { Knex } from 'knex';
import { CALLS_CHANNEL } from './channels';

/**
 * Writes a question for the session of a cluster that is open and was heard of lately, and nudges whoever holds it. Where there is none
 * it writes nothing, and tells since when.
 */
export async function insertCall(
  db: Knex,
  call: {
    id: string;
    clusterId: string;
    method: string;
    payload: Uint8Array;
    recipientKey: Uint8Array;
    deadlineMs: number;
    upToIndex: number;
    /** Silence after which an operator counts as gone. */
    silenceMs: number;
  },
): Promise<{ written: true } | { written: false; since?: Date }> {
  const { rows } = await db.raw<{
    rows: Array<{ written: boolean; since: Date | null }>;
  }>(
    `WITH link AS (
       SELECT cluster_id, coalesce(closed_at, last_seen_at) AS since,
              open AND last_seen_at > clock_timestamp() - :silenceMs * interval '1 millisecond' AS connected
       FROM links WHERE cluster_id = :clusterId
     ), written AS (
       INSERT INTO calls (id, cluster_id, method, payload, recipient_key, deadline, up_to_index)
       SELECT :id, cluster_id, :method, :payload, :recipientKey,
              clock_timestamp() + :deadlineMs * interval '1 millisecond', :upToIndex
       FROM link WHERE connected
       RETURNING cluster_id, pg_notify(:channel, CAST(cluster_id AS text))
     )
     SELECT written.cluster_id IS NOT NULL AS written, link.since
     FROM link LEFT JOIN written USING (cluster_id)`,
    {
      ...call,
      payload: Buffer.from(call.payload),
      recipientKey: Buffer.from(call.recipientKey),
      channel: CALLS_CHANNEL,
    },
  );
  if (rows[0]?.written) {
    return { written: true };
  }
  return { written: false, since: rows[0]?.since ?? undefined };
}
