import { Knex } from 'knex';

/**
 * Raises the counter of a cluster's generations to what its operator has seen (D9), in a transaction that holds the link row. A counter
 * that is too low is that of a Manager that lost its past: from where on, is kept until a digest was compared, because a
 * generation that is given out meanwhile says nothing about what it supersedes.
 */
export async function raiseGeneration(
  tx: Knex.Transaction,
  options: { clusterId: string; highest: number },
): Promise<void> {
  await tx('links')
    .where({ cluster_id: options.clusterId })
    .where('generation', '<', options.highest)
    .update({
      lost_after: tx.raw('least(lost_after, generation)'),
      generation: options.highest,
    });
}
