import type { Knex } from 'knex';
import type { DateTime } from 'luxon';

/** What was told of another object of the name says nothing about this one. */
const NOTHING_TOLD = {
  health: 'Unknown',
  health_message: null,
  phase: null,
  components: '[]',
  steps: '[]',
  conditions: '[]',
  status_generation: 0,
  apply_generation: 0,
  apply_outcome: null,
  apply_message: null,
  applied_generation: null,
  last_synced_at: null,
};

/**
 * Makes the row of a deployment what the datacenter has.
 *
 * @param adopted.uid - what the datacenter knows the deployment by: the id of the row, whatever it was before.
 */
export async function adoptDeployment(
  tx: Knex.Transaction,
  adopted: {
    applicationId: string;
    clusterId: string;
    placementId: string;
    uid: string;
    revision: number;
    at: DateTime;
  },
): Promise<void> {
  const { applicationId, clusterId, uid } = adopted;
  const row = await tx('deployments')
    .where({ cluster_id: clusterId, application_id: applicationId })
    .first('id');
  const wanted = {
    id: uid,
    placement_id: adopted.placementId,
    revision: adopted.revision,
    deleting_at: null,
  };
  if (row) {
    await tx('deployments')
      .where({ id: row.id })
      .update({ ...wanted, ...(row.id !== uid && NOTHING_TOLD) });
    return;
  }
  await tx('deployments').insert({
    ...wanted,
    application_id: applicationId,
    cluster_id: clusterId,
    health: 'Unknown',
    created_at: adopted.at.toJSDate(),
  });
}

/** Marks a deployment for deletion under the uid of its tombstone, and the application where it has no other. */
export async function deleteDeployment(
  tx: Knex.Transaction,
  deleted: {
    applicationId: string;
    clusterId: string;
    uid: string;
    at: DateTime;
  },
): Promise<void> {
  const { applicationId, clusterId, uid } = deleted;
  const at = deleted.at.toJSDate();
  const deleting = { deleting_at: tx.raw('coalesce(deleting_at, ?)', [at]) };
  await tx('deployments')
    .where({ cluster_id: clusterId, application_id: applicationId })
    .update({ id: uid, ...deleting });
  await tx('applications')
    .where({ id: applicationId })
    .update({
      updated_at: at,
      version: tx.raw('version + 1'),
    });
  await tx('applications')
    .where({ id: applicationId })
    .whereNotExists(
      tx('deployments')
        .where({ application_id: applicationId })
        .whereNull('deleting_at'),
    )
    .update(deleting);
}

/** Wants an application again that was to be deleted, and marks the change. */
export async function reviveApplication(
  tx: Knex.Transaction,
  id: string,
  at: DateTime,
): Promise<void> {
  await tx('applications')
    .where({ id })
    .update({
      deleting_at: null,
      updated_at: at.toJSDate(),
      version: tx.raw('version + 1'),
    });
}
