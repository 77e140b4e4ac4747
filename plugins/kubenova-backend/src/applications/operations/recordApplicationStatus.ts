import type { Knex } from 'knex';
import type { ApplicationStatusEvent } from '../../link/types';
import { toStoredConditions } from '../../sync';

/**
 * Writes a deployment's status, unless it is about an older generation than the one that is there (E3). Events of one generation arrive
 * in the order in which they were observed.
 *
 * An object that is gone has no health: someone deleted it in the cluster, or it is being deleted, which its tombstone's result tells.
 *
 * @returns the id of the application, where it was written.
 */
export async function recordApplicationStatus(
  tx: Knex.Transaction,
  clusterId: string,
  event: ApplicationStatusEvent,
): Promise<string | undefined> {
  const [row] = await tx('deployments')
    .where({ id: event.uid, cluster_id: clusterId })
    .where('status_generation', '<=', event.generation)
    .update({
      status_generation: event.generation,
      health: event.gone ? 'Unknown' : event.health,
      health_message: event.gone
        ? 'The application no longer exists in the cluster.'
        : event.message || null,
      phase: event.gone ? null : event.phase || null,
      components: JSON.stringify(event.components),
      steps: JSON.stringify(event.steps),
      conditions: JSON.stringify(toStoredConditions(event.conditions)),
      last_synced_at: event.observedAt.toJSDate(),
    })
    .returning('application_id');
  return row?.application_id;
}
