import { Knex } from 'knex';
import { EventPosition } from '../../types';

/** Remembers where a snapshot begins, in the transaction that acknowledges its mark (E7). */
export async function beginSnapshot(
  tx: Knex.Transaction,
  snapshot: { clusterId: string; id: string; position: EventPosition },
): Promise<void> {
  await tx('links')
    .where({ cluster_id: snapshot.clusterId })
    .update({
      snapshot_id: snapshot.id,
      snapshot_position: [...snapshot.position],
    });
}
