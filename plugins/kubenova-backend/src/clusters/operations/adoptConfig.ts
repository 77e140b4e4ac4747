import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { ClusterConfig } from '../../schema/openapi/generated/models';

/** Writes a configuration whatever version the cluster has: the link row's lock keeps other writers of it away. */
export async function adoptConfig(
  tx: Knex.Transaction,
  change: { clusterId: string; config: ClusterConfig; at: DateTime },
): Promise<void> {
  await tx('clusters')
    .where({ id: change.clusterId })
    .update({
      config: JSON.stringify(change.config),
      updated_at: change.at.toJSDate(),
      version: tx.raw('version + 1'),
    });
}
