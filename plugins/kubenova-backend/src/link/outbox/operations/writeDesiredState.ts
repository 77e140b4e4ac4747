import { Knex } from 'knex';
import { DesiredStateKey } from '../../types';
import { deliveryRank } from '../deliveryRank';

/** The channel on which a commit nudges the replica that holds the link (S6). */
export const DESIRED_STATE_CHANNEL = 'kubenova_desired_state';

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
    content: { yaml: string; sha256: Buffer } | 'tombstone';
  },
): Promise<void> {
  const tombstone = state.content === 'tombstone';
  const word = state.content === 'tombstone' ? undefined : state.content;
  await tx('links')
    .where({ cluster_id: state.clusterId })
    .update({ generation: state.generation });
  await tx('desired_states')
    .insert({
      cluster_id: state.clusterId,
      key: state.key,
      uid: state.uid,
      generation: state.generation,
      tombstone,
      yaml: word?.yaml ?? null,
      sha256: word?.sha256 ?? null,
      delivery_rank: deliveryRank(state.key, tombstone),
      written_at: tx.raw('clock_timestamp()'),
      deleted_at: null,
    })
    .onConflict(['cluster_id', 'key'])
    .merge();
  await tx.raw('SELECT pg_notify(?, ?)', [
    DESIRED_STATE_CHANNEL,
    state.clusterId,
  ]);
}
