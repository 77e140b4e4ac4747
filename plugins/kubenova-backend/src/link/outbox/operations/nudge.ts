import { Knex } from 'knex';

/** The channel on which a commit nudges the replica that holds the link (S6). */
export const DESIRED_STATE_CHANNEL = 'kubenova_desired_state';

/** Has the replica that holds a cluster's link look for what it may send, once the transaction is committed. */
export async function nudge(
  tx: Knex.Transaction,
  clusterId: string,
): Promise<void> {
  await tx.raw('SELECT pg_notify(?, ?)', [DESIRED_STATE_CHANNEL, clusterId]);
}
