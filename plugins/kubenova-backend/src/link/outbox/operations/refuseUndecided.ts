import { Knex } from 'knex';
import { StateConflictError } from '../../../errors';
import { DesiredStateKey } from '../../types';

/**
 * Refuses to write to a key while somebody has to decide whose word on it is the last (D9): what is written meanwhile would be taken for a
 * decision. The caller holds the link row.
 *
 * @throws StateConflictError (MANAGER_BEHIND)
 */
export async function refuseUndecided(
  tx: Knex.Transaction,
  state: { clusterId: string; key: DesiredStateKey },
): Promise<void> {
  const undecided = await tx('behind_keys')
    .join('clusters', 'clusters.id', 'behind_keys.cluster_id')
    .where({
      'behind_keys.cluster_id': state.clusterId,
      'behind_keys.key': state.key,
    })
    .first('clusters.name');
  if (undecided) {
    throw new StateConflictError(
      'MANAGER_BEHIND',
      `The datacenter of ${undecided.name} has another state of ${state.key} than is known here; decide on the cluster's page which one is right, then try again.`,
    );
  }
}
