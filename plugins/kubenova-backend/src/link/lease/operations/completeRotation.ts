import { Knex } from 'knex';

/** Writes that the new key, which was wished for, has opened a session (S7). For a transaction that holds the link row. */
export async function completeRotation(
  tx: Knex.Transaction,
  clusterId: string,
): Promise<void> {
  await tx('links')
    .where({ cluster_id: clusterId })
    .whereNull('rotation_completed_at')
    .whereNotNull('rotation_id')
    .update({ rotation_completed_at: tx.raw('clock_timestamp()') });
}
