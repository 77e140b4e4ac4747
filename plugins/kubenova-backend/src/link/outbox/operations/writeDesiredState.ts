import { Knex } from 'knex';
import { DesiredStateKey } from '../../types';
import { deliveryRank } from '../deliveryRank';
import { sha256Of } from '../sha256Of';
import { nudge } from './nudge';

/**
 * Writes the next word on a key and raises the counter of its cluster. The caller holds the link row's lock.
 *
 * The word replaces the one before it, sent or not (D3); that the one before was no open tombstone is the caller's to know.
 * `accepted_generation` stays: it tells what the operator holds, which this does not change.
 */
export async function writeDesiredState(
  tx: Knex.Transaction,
  state: {
    clusterId: string;
    key: DesiredStateKey;
    uid: string;
    generation: number;
    content: { yaml: string } | 'tombstone';
    /** What is wanted once the tombstone is confirmed. */
    next?: { uid: string; yaml: string };
  },
): Promise<void> {
  const { clusterId, key, content, next } = state;
  const tombstone = content === 'tombstone';
  const yaml = content === 'tombstone' ? undefined : content.yaml;
  await tx('links')
    .where({ cluster_id: clusterId })
    .update({ generation: state.generation });
  await tx('desired_states')
    .insert({
      cluster_id: clusterId,
      key,
      uid: state.uid,
      generation: state.generation,
      tombstone,
      yaml: yaml ?? null,
      sha256: yaml === undefined ? null : sha256Of(yaml),
      next_uid: next?.uid ?? null,
      next_yaml: next?.yaml ?? null,
      delivery_rank: deliveryRank(key, tombstone),
      written_at: tx.raw('clock_timestamp()'),
      deleted_at: null,
    })
    .onConflict(['cluster_id', 'key'])
    .merge();
  await nudge(tx, clusterId);
}
