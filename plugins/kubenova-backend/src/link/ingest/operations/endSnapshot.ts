import { Knex } from 'knex';
import { EventPosition } from '../../types';

/**
 * Forgets the snapshot that has begun, if it is the one of that id (E7).
 *
 * @returns where it began.
 */
export async function endSnapshot(
  tx: Knex.Transaction,
  snapshot: { clusterId: string; id: string },
): Promise<EventPosition | undefined> {
  const { rows } = await tx.raw<{
    rows: Array<{ begin: [string, string] }>;
  }>(
    `WITH begun AS (
       SELECT cluster_id, snapshot_position FROM links
       WHERE cluster_id = :clusterId AND snapshot_id = :id AND snapshot_position IS NOT NULL
     )
     UPDATE links SET snapshot_id = NULL, snapshot_position = NULL FROM begun
     WHERE links.cluster_id = begun.cluster_id
     RETURNING begun.snapshot_position AS begin`,
    snapshot,
  );
  const begin = rows[0]?.begin;
  return begin && [Number(begin[0]), Number(begin[1])];
}
