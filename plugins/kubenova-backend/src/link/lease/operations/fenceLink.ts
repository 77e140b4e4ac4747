import { Knex } from 'knex';
import { notifyLink } from './notifyLink';

/**
 * Ends whatever session a cluster has, within a period of heartbeats: raises the epoch, so that from the commit on no session of an
 * earlier one can write. For keys that were replaced or revoked (S7); a wish for a new key is met or void by that.
 *
 * The row is made where there is none, so that it is locked at any rate: a first session that is being opened meanwhile waits, and then
 * sees what became of its key.
 */
export async function fenceLink(
  tx: Knex.Transaction,
  clusterId: string,
  reason: string,
): Promise<void> {
  await tx('links')
    .insert({ cluster_id: clusterId })
    .onConflict('cluster_id')
    .ignore();
  await tx('links')
    .where({ cluster_id: clusterId })
    .increment('epoch', 1)
    .update({
      open: false,
      closed_at: tx.raw('clock_timestamp()'),
      close_reason: reason,
      rotation_id: null,
      rotation_requested_at: null,
      rotation_completed_at: null,
    });
  await notifyLink(tx, clusterId);
}
