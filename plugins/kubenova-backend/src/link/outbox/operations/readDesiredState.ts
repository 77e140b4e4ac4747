import { Knex } from 'knex';
import { DesiredStateKey } from '../../types';
import { DesiredStateRow } from '../rows';

/** The last word on a key, with what became of it. */
export async function readDesiredState(
  tx: Knex.Transaction,
  state: { clusterId: string; key: DesiredStateKey },
): Promise<DesiredStateRow | undefined> {
  return tx<DesiredStateRow>('desired_states')
    .where({ cluster_id: state.clusterId, key: state.key })
    .first();
}
