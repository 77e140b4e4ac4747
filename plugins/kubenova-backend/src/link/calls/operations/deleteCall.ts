import { Knex } from 'knex';
import { CALLS_CHANNEL } from './channels';

/**
 * Takes a question away with what is there of its answer, and nudges whoever holds the link: the operator may stop. Tells whether a session
 * had taken it, and else since when no operator is heard. This is where that is decided: a session that is just taking it is waited
 * for, and one that comes later finds nothing.
 */
export async function deleteCall(
  db: Knex,
  id: string,
): Promise<{ wasSent: boolean; silentSince?: Date }> {
  const { rows } = await db.raw<{
    rows: Array<{ sent: boolean; since: Date | null }>;
  }>(
    `WITH deleted AS (
       DELETE FROM calls WHERE id = :id
       RETURNING cluster_id, state, pg_notify(:channel, CAST(cluster_id AS text))
     )
     SELECT deleted.state IN ('sent', 'lost') AS sent, coalesce(links.closed_at, links.last_seen_at) AS since
     FROM deleted JOIN links USING (cluster_id)`,
    { id, channel: CALLS_CHANNEL },
  );
  return {
    wasSent: rows[0]?.sent ?? true,
    silentSince: rows[0]?.since ?? undefined,
  };
}
