import { Knex } from 'knex';

/** Without a report for so long, a row is of a replica that will not come back. */
const FORGOTTEN_AFTER = '1 hour';

/** Writes how many sessions a replica has, and tells how many the other living ones have. Who lives is told by database time. */
export async function reportReplica(
  db: Knex,
  report: { replica: string; sessions: number; aliveMs: number },
): Promise<{ peers: number; sessionsOfPeers: number }> {
  const { rows } = await db.raw<{
    rows: Array<{ peers: number; sessions: number }>;
  }>(
    `WITH mine AS (
       INSERT INTO link_replicas (replica, sessions, heartbeat_at) VALUES (:replica, :sessions, clock_timestamp())
       ON CONFLICT (replica) DO UPDATE SET sessions = excluded.sessions, heartbeat_at = excluded.heartbeat_at
     ), forgotten AS (
       DELETE FROM link_replicas
       WHERE replica <> :replica AND heartbeat_at < clock_timestamp() - interval '${FORGOTTEN_AFTER}'
     )
     SELECT count(*)::int AS peers, coalesce(sum(sessions), 0)::int AS sessions FROM link_replicas
     WHERE replica <> :replica
       AND heartbeat_at BETWEEN clock_timestamp() - :aliveMs * interval '1 millisecond' AND clock_timestamp()`,
    report,
  );
  return { peers: rows[0].peers, sessionsOfPeers: rows[0].sessions };
}

/** Writes that a replica takes no sessions any more: the others are not to make room for it. */
export async function forgetReplica(db: Knex, replica: string): Promise<void> {
  await db('link_replicas').where({ replica }).delete();
}
