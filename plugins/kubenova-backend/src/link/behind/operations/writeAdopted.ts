import { Knex } from 'knex';
import { deliveryRank } from '../../outbox/deliveryRank';
import { sha256Of } from '../../outbox/sha256Of';
import { HeldDesiredState } from '../types';

/**
 * Makes what the operator holds the Manager's own word: the same generation, uid and bytes, which the operator has accepted already, so
 * that nothing is sent. The caller holds the link row, whose counter is not below the operator's.
 */
export async function writeAdopted(
  tx: Knex.Transaction,
  clusterId: string,
  state: HeldDesiredState & { yaml: string },
): Promise<void> {
  await tx('desired_states')
    .insert({
      cluster_id: clusterId,
      key: state.key,
      uid: state.uid,
      generation: state.generation,
      tombstone: false,
      yaml: state.yaml,
      sha256: sha256Of(state.yaml),
      delivery_rank: deliveryRank(state.key, false),
      accepted_generation: state.generation,
      result_generation: null,
      outcome: null,
      message: null,
      next_uid: null,
      next_yaml: null,
      written_at: tx.raw('clock_timestamp()'),
      deleted_at: null,
    })
    .onConflict(['cluster_id', 'key'])
    .merge();
}
