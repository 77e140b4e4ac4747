import { Knex } from 'knex';

/** Whether a snapshot is to be asked for (E7), because states were adopted of which the Manager has not heard how they are. Asked once. */
export async function takeSnapshotWish(
  db: Knex,
  link: { clusterId: string; epoch: number },
): Promise<boolean> {
  const taken = await db('links')
    .where({
      cluster_id: link.clusterId,
      epoch: link.epoch,
      snapshot_wanted: true,
    })
    .update({ snapshot_wanted: false });
  return taken === 1;
}
