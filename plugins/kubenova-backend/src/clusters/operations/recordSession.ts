import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { ClusterRow } from '../clusterRows';

/**
 * Takes over what a new session tells of the cluster. Only the first one moves it on from `pending_bootstrap`; from then on its status is
 * what the operator reports, which a new session does not take back.
 */
export async function recordSession(
  tx: Knex.Transaction,
  session: {
    clusterId: string;
    operatorVersion: string;
    kubernetesVersion: string;
    at: DateTime;
  },
): Promise<ClusterRow | undefined> {
  const [row] = await tx<ClusterRow>('clusters')
    .where({ id: session.clusterId })
    .update({
      status: tx.raw(
        `CASE status WHEN 'pending_bootstrap' THEN 'bootstrapping' ELSE status END`,
      ),
      connected_at: tx.raw('coalesce(connected_at, ?)', [
        session.at.toJSDate(),
      ]),
      operator_version: session.operatorVersion || null,
      kubernetes_version: session.kubernetesVersion || null,
      progress: null,
    })
    .returning('*');
  return row;
}
