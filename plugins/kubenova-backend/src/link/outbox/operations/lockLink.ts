import { NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';

/**
 * Takes the lock of a cluster's link row until the end of the transaction, making the row where there is none.
 *
 * Every writer of desired state takes this lock first. So generations become visible in the order of their numbers (D1): whoever holds
 * generation 8 has seen 7 committed. It is one statement, because a separate INSERT would let two first writers both find no row.
 */
export async function lockLink(
  tx: Knex.Transaction,
  clusterId: string,
): Promise<{ generation: number; everOpened: boolean }> {
  const { rows } = await tx.raw<{
    rows: Array<{ generation: string; epoch: string }>;
  }>(
    `INSERT INTO links (cluster_id)
     SELECT id FROM clusters WHERE id = :clusterId
     ON CONFLICT (cluster_id) DO UPDATE SET generation = links.generation
     RETURNING generation, epoch`,
    { clusterId },
  );
  if (rows.length === 0) {
    throw new NotFoundError(`There is no cluster with the id '${clusterId}'`);
  }
  return {
    generation: Number(rows[0].generation),
    everOpened: Number(rows[0].epoch) > 0,
  };
}
