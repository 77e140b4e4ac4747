import type { Knex } from 'knex';
import type { ApplicationStatusEvent, OperatorEvent } from '../../link/types';
import { newestOfEach, toStoredConditions } from '../../sync';

export interface WrittenApplicationStatus {
  event: ApplicationStatusEvent;
  applicationId: string;
}

/**
 * Writes the statuses of deployments in one statement. One of an older generation than the one that is there, or told before it, changes
 * nothing (E3).
 *
 * An object that is gone has no health: someone deleted it in the cluster, or it is being deleted, which its tombstone's result
 * tells. An application that the Manager did not make has no uid, and no row.
 *
 * @returns the statuses that were written.
 */
export async function recordApplicationStatuses(
  tx: Knex.Transaction,
  events: ReadonlyArray<OperatorEvent<ApplicationStatusEvent>>,
): Promise<WrittenApplicationStatus[]> {
  const newest = newestOfEach(events);
  if (newest.length === 0) {
    return [];
  }
  const { rows } = await tx.raw<{
    rows: Array<{ index: number; application_id: string }>;
  }>(
    `UPDATE deployments AS known SET
       status_generation = told.generation, status_position = told.position, not_observed_at = NULL,
       health = told.health, health_message = told.health_message, phase = told.phase,
       components = told.components, steps = told.steps, conditions = told.conditions, last_synced_at = told.observed_at
     FROM json_to_recordset(CAST(:told AS json)) AS told(
       index integer, id uuid, cluster_id uuid, generation bigint, position bigint[], health text, health_message text,
       phase text, components jsonb, steps jsonb, conditions jsonb, observed_at timestamptz)
     WHERE known.id = told.id AND known.cluster_id = told.cluster_id
       AND known.status_generation <= told.generation AND known.status_position < told.position
     RETURNING told.index, known.application_id`,
    { told: JSON.stringify(newest.map(toRow)) },
  );
  return rows.map(row => ({
    event: newest[row.index].event,
    applicationId: row.application_id,
  }));
}

function toRow(
  { cluster, position, event }: OperatorEvent<ApplicationStatusEvent>,
  index: number,
) {
  return {
    index,
    id: event.uid,
    cluster_id: cluster.id,
    generation: event.generation,
    position,
    health: event.gone ? 'Unknown' : event.health,
    health_message: event.gone
      ? 'The application no longer exists in the cluster.'
      : event.message || null,
    phase: event.gone ? null : event.phase || null,
    components: event.components,
    steps: event.steps,
    conditions: toStoredConditions(event.conditions),
    observed_at: event.observedAt.toISO(),
  };
}
