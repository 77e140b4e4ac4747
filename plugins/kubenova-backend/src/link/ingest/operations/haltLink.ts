import { Knex } from 'knex';

/**
 * Shows that nothing of a cluster is acknowledged any more because too much of it is poison (E9). The next ingest that succeeds takes it
 * back. A session that was fenced writes nothing (E4).
 */
export async function haltLink(
  db: Knex,
  session: { clusterId: string; epoch: number },
): Promise<void> {
  await db('links')
    .where({ cluster_id: session.clusterId, epoch: session.epoch })
    .whereNull('poison_halted_at')
    .update({ poison_halted_at: db.raw('clock_timestamp()') });
}
