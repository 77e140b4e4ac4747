import { Knex } from 'knex';
import {
  ChangedRef,
  EventHandler,
  LinkEvent,
  OperatorEvent,
  SnapshotListener,
} from '../types';
import { PreparedBatch } from './PreparedBatch';
import { SnapshotMarks } from './SnapshotMarks';

/** What the events of batches came to. */
export interface Projected {
  changed: ChangedRef[];
  /** Clusters whose snapshot is good for nothing and is to be taken again (E7). */
  snapshotAgain: Set<string>;
}

/**
 * Gives the events of batches to the domains, in a transaction of the caller's. This file knows no domain.
 *
 * Each handler is asked once for all events of its types, in the order of the handlers; marks of snapshots come after them. So the
 * events of one handler keep their order, and what is deleted from the leaves up needs the handlers in that order (plugin.ts). A mark
 * may come last because it speaks of positions, not of the time at which it is looked at.
 */
export class Projector {
  readonly #handlers: readonly EventHandler[];
  readonly #marks: SnapshotMarks;

  constructor(options: {
    handlers: readonly EventHandler[];
    snapshotListeners: readonly SnapshotListener[];
  }) {
    this.#handlers = options.handlers;
    this.#marks = new SnapshotMarks({ listeners: options.snapshotListeners });
  }

  async project(
    tx: Knex.Transaction,
    batches: readonly PreparedBatch[],
  ): Promise<Projected> {
    const changed = await this.handle(
      tx,
      batches.flatMap(({ events }) => events.flatMap(({ told }) => told ?? [])),
    );
    const marked = await this.#marks.project(tx, batches);
    return { ...marked, changed: [...changed, ...marked.changed] };
  }

  /** The events alone. */
  async handle(
    tx: Knex.Transaction,
    told: ReadonlyArray<OperatorEvent<LinkEvent>>,
  ): Promise<ChangedRef[]> {
    const changed: ChangedRef[] = [];
    for (const handler of this.#handlers) {
      const events = told.filter(({ event }) =>
        handler.types.includes(event.type),
      );
      if (events.length > 0) {
        changed.push(...(await handler.handle(tx, events)));
      }
    }
    return changed;
  }
}
