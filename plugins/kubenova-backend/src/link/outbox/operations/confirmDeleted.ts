import { Knex } from 'knex';
import { ApplyResultEvent } from '../../types';
import { lockLink } from './lockLink';
import { writeDesiredState } from './writeDesiredState';

/**
 * Frees the key of a tombstone that was carried out (D3, D6), in the ingest's transaction. Only the tombstone that was confirmed counts: the
 * same uid and generation. Where another object of the name was to follow, it is wanted from now on.
 */
export async function confirmDeleted(
  tx: Knex.Transaction,
  clusterId: string,
  result: ApplyResultEvent,
): Promise<void> {
  const [freed] = await tx('desired_states')
    .where({
      cluster_id: clusterId,
      key: result.key,
      uid: result.uid,
      generation: result.generation,
      tombstone: true,
    })
    .whereNull('deleted_at')
    .update({ deleted_at: tx.raw('clock_timestamp()') })
    .returning(['next_uid', 'next_yaml']);
  if (freed?.next_uid) {
    const { generation } = await lockLink(tx, clusterId);
    await writeDesiredState(tx, {
      clusterId,
      key: result.key,
      uid: freed.next_uid,
      generation: generation + 1,
      content: { yaml: freed.next_yaml },
    });
  }
}
