import { Knex } from 'knex';
import { writeDesiredState } from '../../outbox/operations/writeDesiredState';
import { BehindEntry } from '../types';

/**
 * Says the Manager's own word once more, above everything that the operator has seen.
 *
 * What the Manager does not want, or does not know, is deleted by the uid that the datacenter has it under. Where the Manager wants another
 * object of the name than the one that is there, the latter is deleted first: its successor would inherit its volumes (D3).
 * The caller holds the link row.
 */
export async function overwrite(
  tx: Knex.Transaction,
  options: { clusterId: string; entry: BehindEntry; generation: number },
): Promise<void> {
  const { clusterId, generation, entry } = options;
  const { key, operator, manager } = entry;
  if (manager?.yaml !== undefined && manager.uid === operator.uid) {
    await writeDesiredState(tx, {
      clusterId,
      key,
      generation,
      uid: manager.uid,
      content: { yaml: manager.yaml },
    });
    return;
  }
  await writeDesiredState(tx, {
    clusterId,
    key,
    generation,
    uid: operator.uid,
    content: 'tombstone',
    ...(manager?.yaml !== undefined && {
      next: { uid: manager.uid, yaml: manager.yaml },
    }),
  });
}
