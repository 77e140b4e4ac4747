import { Knex } from 'knex';
import { DigestComparison } from '../compareDigest';

/** Writes down what the operator really holds, so that the rest is sent again (D10). The caller holds the link row. */
export async function repairAccepted(
  tx: Knex.Transaction,
  clusterId: string,
  repairs: DigestComparison['repairs'],
): Promise<void> {
  if (repairs.length === 0) {
    return;
  }
  await tx.raw(
    `UPDATE desired_states desired
     SET accepted_generation = nullif(repair.accepted, 0),
         deleted_at = CASE WHEN repair.reopen THEN NULL ELSE desired.deleted_at END
     FROM unnest(CAST(:keys AS text[]), CAST(:accepted AS bigint[]), CAST(:reopen AS boolean[])) AS repair(key, accepted, reopen)
     WHERE desired.cluster_id = :clusterId AND desired.key = repair.key`,
    {
      clusterId,
      keys: repairs.map(({ key }) => key),
      accepted: repairs.map(({ acceptedGeneration }) => acceptedGeneration),
      reopen: repairs.map(({ reopen }) => reopen),
    },
  );
}
