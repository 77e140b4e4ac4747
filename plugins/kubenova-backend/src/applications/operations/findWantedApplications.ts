import type { Knex } from 'knex';

/** Names of the applications deployed in a placement, without those that are being deleted. */
export async function findWantedApplications(
  tx: Knex.Transaction,
  placementId: string,
): Promise<string[]> {
  return tx('deployments')
    .join('applications', 'applications.id', 'deployments.application_id')
    .where('deployments.placement_id', placementId)
    .whereNull('deployments.deleting_at')
    .orderBy('applications.name')
    .pluck('applications.name');
}
