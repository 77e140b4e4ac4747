import { Knex } from 'knex';

/** Writes that a session has ended. A session that was fenced meanwhile writes nothing (E4) and gets `false`. */
export async function closeSession(
  db: Knex | Knex.Transaction,
  session: { clusterId: string; epoch: number; reason: string },
): Promise<boolean> {
  const rows = await db('links')
    .where({ cluster_id: session.clusterId, epoch: session.epoch })
    .update({
      open: false,
      closed_at: db.raw('clock_timestamp()'),
      close_reason: session.reason,
    });
  return rows === 1;
}
