import { Knex } from 'knex';

/**
 * Ends whatever session a cluster has, within a period of heartbeats: raises the epoch, so that from the commit on no session of an
 * earlier one can write. For keys that were replaced or revoked (S7).
 */
export async function fenceLink(
  tx: Knex.Transaction,
  clusterId: string,
  reason: string,
): Promise<void> {
  await tx('links')
    .where({ cluster_id: clusterId })
    .increment('epoch', 1)
    .update({
      open: false,
      closed_at: tx.raw('clock_timestamp()'),
      close_reason: reason,
    });
}
