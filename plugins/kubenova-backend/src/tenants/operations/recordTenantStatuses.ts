import type { Knex } from 'knex';
import type { OperatorEvent, TenantStatusEvent } from '../../link/types';
import { newestOfEach, toStoredConditions } from '../../sync';

/**
 * Writes the statuses of placements in one statement. One of an older generation than the one that is there, or told before it, changes
 * nothing (E3).
 *
 * @returns the statuses that were written.
 */
export async function recordTenantStatuses(
  tx: Knex.Transaction,
  events: ReadonlyArray<OperatorEvent<TenantStatusEvent>>,
): Promise<TenantStatusEvent[]> {
  const newest = newestOfEach(events);
  if (newest.length === 0) {
    return [];
  }
  const { rows } = await tx.raw<{ rows: Array<{ index: number }> }>(
    `UPDATE placements AS known SET
       status_generation = told.generation, status_position = told.position, not_observed_at = NULL,
       phase = told.phase, namespaces = told.namespaces, conditions = told.conditions, last_synced_at = told.observed_at
     FROM json_to_recordset(CAST(:told AS json)) AS told(
       index integer, id uuid, cluster_id uuid, generation bigint, position bigint[], phase text, namespaces jsonb,
       conditions jsonb, observed_at timestamptz)
     WHERE known.id = told.id AND known.cluster_id = told.cluster_id
       AND known.status_generation <= told.generation AND known.status_position < told.position
     RETURNING told.index`,
    { told: JSON.stringify(newest.map(toRow)) },
  );
  return rows.map(row => newest[row.index].event);
}

function toRow(
  { cluster, position, event }: OperatorEvent<TenantStatusEvent>,
  index: number,
) {
  return {
    index,
    id: event.uid,
    cluster_id: cluster.id,
    generation: event.generation,
    position,
    phase: event.phase,
    namespaces: event.namespaces,
    conditions: toStoredConditions(event.conditions),
    observed_at: event.observedAt.toISO(),
  };
}
