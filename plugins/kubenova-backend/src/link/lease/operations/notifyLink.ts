import { Knex } from 'knex';

/** Replicas that listen renew their sessions at once, and so hear of what was decided about them. */
export const LINK_CHANNEL = 'kubenova_links';

/** Tells the replica that holds the link that something was decided about it; sent when the transaction commits (S6). */
export async function notifyLink(
  tx: Knex.Transaction,
  clusterId: string,
): Promise<void> {
  await tx.raw('SELECT pg_notify(?, ?)', [LINK_CHANNEL, clusterId]);
}
