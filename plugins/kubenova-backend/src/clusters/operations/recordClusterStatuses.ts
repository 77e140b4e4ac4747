import type { Knex } from 'knex';
import type { ClusterStatusEvent, OperatorEvent } from '../../link/types';
import { toStoredConditions } from '../../sync';
import type { ClusterStatus } from '../types';

/**
 * Writes the statuses of clusters in one statement. One of an older generation than the one that is there, or told before it, changes
 * nothing (E3).
 *
 * `connected` is for good: a component that is installed again later shows in the phase, while the cluster is still connected.
 *
 * @returns the ids of the clusters whose status was written.
 */
export async function recordClusterStatuses(
  tx: Knex.Transaction,
  events: ReadonlyArray<OperatorEvent<ClusterStatusEvent>>,
): Promise<string[]> {
  const newest = newestOfCluster(events);
  if (newest.length === 0) {
    return [];
  }
  const { rows } = await tx.raw<{ rows: Array<{ id: string }> }>(
    `UPDATE clusters AS known SET
       status_generation = told.generation, status_position = told.position, not_observed_at = NULL,
       status = CASE told.phase WHEN 'Ready' THEN 'connected' WHEN 'Error' THEN 'error'
         ELSE CASE coalesce(told.status_before, known.status) WHEN 'connected' THEN 'connected' ELSE 'bootstrapping' END END,
       status_reason = told.reason, phase = told.phase, components = told.components, conditions = told.conditions,
       capacity = told.capacity, last_synced_at = told.observed_at,
       operator_version = coalesce(told.operator_version, known.operator_version),
       kubernetes_version = coalesce(told.kubernetes_version, known.kubernetes_version)
     FROM json_to_recordset(CAST(:told AS json)) AS told(
       id uuid, generation bigint, position bigint[], phase text, status_before text, reason text, components jsonb,
       conditions jsonb, capacity jsonb, observed_at timestamptz, operator_version text, kubernetes_version text)
     WHERE known.id = told.id AND known.status_generation <= told.generation AND known.status_position < told.position
     RETURNING known.id`,
    { told: JSON.stringify(newest.map(toRow)) },
  );
  return rows.map(row => row.id);
}

interface NewestStatus {
  told: OperatorEvent<ClusterStatusEvent>;
  /** What earlier ones that are not written themselves leave behind; absent where that depends on the row. */
  statusBefore?: ClusterStatus;
}

function newestOfCluster(
  events: ReadonlyArray<OperatorEvent<ClusterStatusEvent>>,
): NewestStatus[] {
  const newest = new Map<string, NewestStatus>();
  for (const told of events) {
    const known = newest.get(told.cluster.id);
    if (!known || known.told.event.generation <= told.event.generation) {
      newest.set(told.cluster.id, {
        told,
        statusBefore: known && statusAfter(known),
      });
    }
  }
  return [...newest.values()];
}

/** The CASE of the statement, as far as it does not need the row. */
function statusAfter({
  told,
  statusBefore,
}: NewestStatus): ClusterStatus | undefined {
  switch (told.event.phase) {
    case 'Ready':
      return 'connected';
    case 'Error':
      return 'error';
    default:
      return statusBefore === 'error' ? 'bootstrapping' : statusBefore;
  }
}

function toRow({ told, statusBefore }: NewestStatus) {
  const { cluster, position, event } = told;
  return {
    id: cluster.id,
    generation: event.generation,
    position,
    phase: event.phase,
    status_before: statusBefore ?? null,
    reason: event.phase === 'Error' ? reasonOf(event) : null,
    components: event.components.map(({ changedAt, ...component }) => ({
      ...component,
      ...(changedAt && { changedAt: changedAt.toUTC().toISO() }),
    })),
    conditions: toStoredConditions(event.conditions),
    capacity: event.capacity ?? null,
    observed_at: event.observedAt.toISO(),
    operator_version: event.operatorVersion ?? null,
    kubernetes_version: event.kubernetesVersion ?? null,
  };
}

function reasonOf(event: ClusterStatusEvent): string {
  const broken = event.components.filter(({ phase }) => phase === 'Error');
  const reasons = broken.map(({ name, message }) =>
    message ? `${name}: ${message}` : `${name} could not be installed`,
  );
  return (
    reasons.join('; ') ||
    event.conditions.find(
      ({ status, message }) => status === 'False' && message,
    )?.message ||
    'The operator reports an error without a reason.'
  );
}
