import type { Knex } from 'knex';
import type { DateTime } from 'luxon';

/** What was told of another object of the name says nothing about this one. */
const NOTHING_TOLD = {
  phase: null,
  namespaces: '[]',
  conditions: '[]',
  status_generation: 0,
  apply_generation: 0,
  apply_outcome: null,
  apply_message: null,
  applied_generation: null,
  last_synced_at: null,
};

export interface AdoptedPlacement {
  tenantId: string;
  clusterId: string;
  /** What the datacenter knows the placement by: the id of the row, whatever it was before. Its deployments follow. */
  uid: string;
  at: DateTime;
  deleting: boolean;
}

/** The placement of a tenant in a cluster. */
export async function findPlacement(
  tx: Knex.Transaction,
  placement: { tenantId: string; clusterId: string },
): Promise<{ id: string } | undefined> {
  return tx('placements')
    .where({ cluster_id: placement.clusterId, tenant_id: placement.tenantId })
    .first('id');
}

/**
 * Makes the row of a placement what the datacenter has. One that has another object of the name now starts over: what was told of the one
 * before says nothing about it. A placement that is not there is not made in order to be deleted.
 */
export async function adoptPlacement(
  tx: Knex.Transaction,
  adopted: AdoptedPlacement,
): Promise<void> {
  const { tenantId, clusterId, uid } = adopted;
  const at = adopted.at.toJSDate();
  const row = await findPlacement(tx, adopted);
  if (row) {
    await tx('placements')
      .where({ id: row.id })
      .update({
        id: uid,
        deleting_at: adopted.deleting
          ? tx.raw('coalesce(deleting_at, ?)', [at])
          : null,
        ...(row.id !== uid && NOTHING_TOLD),
      });
  } else if (!adopted.deleting) {
    await tx('placements').insert({
      id: uid,
      tenant_id: tenantId,
      cluster_id: clusterId,
      created_at: at,
    });
  }
}
