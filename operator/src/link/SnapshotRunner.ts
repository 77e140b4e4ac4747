/**
 * Puts the present state of what is watched.
 *
 * A snapshot of everything lies between two marks (E7). One that fails gets no second mark, and so marks nothing as gone. An answer to a
 * few keys has no marks: it says nothing about what is not there. Snapshots run one after another.
 */
import type { Logger } from '../log/logger.ts';
import type { JournalEvents } from './journal/JournalEvents.ts';
import type { SnapshotRequest, Snapshots } from './types.ts';

export class SnapshotRunner implements Snapshots {
  readonly #events: JournalEvents;
  readonly #logger: Logger;
  readonly #listeners = new Set<(request: SnapshotRequest) => Promise<void>>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: { events: JournalEvents; logger: Logger }) {
    this.#events = options.events;
    this.#logger = options.logger;
  }

  onRequest(listener: (request: SnapshotRequest) => Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the states are in the journal, or the snapshot has failed and that was logged. Without keys, all are put. */
  run(request: { id: string; keys?: readonly string[] }): Promise<void> {
    this.#last = this.#last.then(() => this.#take(request));
    return this.#last;
  }

  async #take(request: {
    id: string;
    keys?: readonly string[];
  }): Promise<void> {
    const { id: snapshotId, keys = [] } = request;
    try {
      if (keys.length) {
        const wanted = new Set(keys);
        await this.#ask({ wants: key => wanted.has(key) });
      } else {
        this.#events.beginSnapshot(snapshotId);
        await this.#ask({ wants: () => true });
        this.#events.endSnapshot(snapshotId);
      }
      this.#logger.info('snapshot taken', { snapshotId });
    } catch (error) {
      this.#logger.error('snapshot failed', { snapshotId, error });
    }
  }

  async #ask(request: SnapshotRequest): Promise<void> {
    await Promise.all([...this.#listeners].map(listen => listen(request)));
  }
}
