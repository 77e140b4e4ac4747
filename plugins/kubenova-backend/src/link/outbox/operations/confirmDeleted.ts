import { Knex } from 'knex';
import { ApplyResultEvent } from '../../types';

/**
 * Frees the key of a tombstone that was carried out (D3, D6), in the ingest's transaction. Only the tombstone that was confirmed counts: the
 * same uid and generation.
 */
export async function confirmDeleted(
  tx: Knex.Transaction,
  clusterId: string,
  result: ApplyResultEvent,
): Promise<void> {
  await tx('desired_states')
    .where({
      cluster_id: clusterId,
      key: result.key,
      uid: result.uid,
      generation: result.generation,
      tombstone: true,
    })
    .whereNull('deleted_at')
    .update({ deleted_at: tx.raw('clock_timestamp()') });
}
