import { Knex } from 'knex';
import { DesiredStateKey } from '../../types';

/** Changes what is wanted once the tombstone of a key is confirmed; absent: nothing is. */
export async function setNext(
  tx: Knex.Transaction,
  state: {
    clusterId: string;
    key: DesiredStateKey;
    uid?: string;
    yaml?: string;
  },
): Promise<void> {
  await tx('desired_states')
    .where({ cluster_id: state.clusterId, key: state.key })
    .update({ next_uid: state.uid ?? null, next_yaml: state.yaml ?? null });
}
