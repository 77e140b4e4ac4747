import { Knex } from 'knex';
import { ChangedRef, EventPosition, SnapshotListener } from '../types';
import { PlacedMark, PreparedBatch } from './PreparedBatch';
import { beginSnapshot } from './operations/beginSnapshot';
import { endSnapshot } from './operations/endSnapshot';

type Cluster = PreparedBatch['batch']['cluster'];

/**
 * Keeps the marks of snapshots (E7).
 *
 * 1. Begin is remembered on the link's row with its position. Another Begin replaces it: snapshots of one operator run one after
 *    another, so the first one will not end.
 * 2. End counts for the Begin of its id in the same epoch. Then what the domains have of the cluster and was last told of before Begin
 *    is not there any more, as far as its operator knows. An End without its Begin marks nothing.
 * 3. Where the session ended in between, the snapshot is taken again: the End says so itself.
 */
export class SnapshotMarks {
  readonly #listeners: readonly SnapshotListener[];

  constructor(options: { listeners: readonly SnapshotListener[] }) {
    this.#listeners = options.listeners;
  }

  async project(
    tx: Knex.Transaction,
    batches: readonly PreparedBatch[],
  ): Promise<{ changed: ChangedRef[]; snapshotAgain: Set<string> }> {
    const changed: ChangedRef[] = [];
    const snapshotAgain = new Set<string>();
    for (const { batch, events } of batches) {
      for (const mark of events.flatMap(event => event.mark ?? [])) {
        const begin = await this.#place(tx, batch.cluster.id, mark);
        if (begin?.[0] === mark.position[0]) {
          changed.push(...(await this.#ended(tx, batch.cluster, begin)));
        } else if (begin) {
          snapshotAgain.add(batch.cluster.id);
        }
      }
    }
    return { changed, snapshotAgain };
  }

  /** @returns where the snapshot began whose end this is. */
  async #place(
    tx: Knex.Transaction,
    clusterId: string,
    mark: PlacedMark,
  ): Promise<EventPosition | undefined> {
    if (mark.end) {
      return endSnapshot(tx, { clusterId, id: mark.id });
    }
    await beginSnapshot(tx, { ...mark, clusterId });
    return undefined;
  }

  async #ended(
    tx: Knex.Transaction,
    cluster: Cluster,
    begin: EventPosition,
  ): Promise<ChangedRef[]> {
    const changed: ChangedRef[] = [];
    for (const listener of this.#listeners) {
      changed.push(...(await listener.snapshotEnded(tx, { cluster, begin })));
    }
    return changed;
  }
}
