import type { Knex } from 'knex';
import type { ClusterStatusEvent } from '../../link/types';
import { toStoredConditions } from '../../sync';

/**
 * Writes a cluster's status, unless it is about an older generation than the one that is there (E3). Events of one generation arrive in
 * the order in which they were observed.
 *
 * `connected` is for good: a component that is installed again later shows in the phase, while the cluster is still connected.
 *
 * @returns whether it was written.
 */
export async function recordClusterStatus(
  tx: Knex.Transaction,
  clusterId: string,
  event: ClusterStatusEvent,
): Promise<boolean> {
  const updated = await tx('clusters')
    .where({ id: clusterId })
    .where('status_generation', '<=', event.generation)
    .update({
      status_generation: event.generation,
      status: statusAfter(tx, event),
      status_reason: event.phase === 'Error' ? reasonOf(event) : null,
      phase: event.phase,
      components: JSON.stringify(
        event.components.map(({ changedAt, ...component }) => ({
          ...component,
          ...(changedAt && { changedAt: changedAt.toUTC().toISO() }),
        })),
      ),
      conditions: JSON.stringify(toStoredConditions(event.conditions)),
      capacity: event.capacity ? JSON.stringify(event.capacity) : null,
      last_synced_at: event.observedAt.toJSDate(),
      ...(event.operatorVersion && { operator_version: event.operatorVersion }),
      ...(event.kubernetesVersion && {
        kubernetes_version: event.kubernetesVersion,
      }),
    });
  return updated === 1;
}

function statusAfter(tx: Knex.Transaction, event: ClusterStatusEvent) {
  switch (event.phase) {
    case 'Ready':
      return 'connected';
    case 'Error':
      return 'error';
    default:
      return tx.raw(
        `CASE status WHEN 'connected' THEN 'connected' ELSE 'bootstrapping' END`,
      );
  }
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
