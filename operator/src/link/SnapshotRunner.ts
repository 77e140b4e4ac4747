/**
 * Puts the present state of everything that is watched between two marks (E7). A snapshot that fails gets no second mark, and so marks
 * nothing as gone. Snapshots run one after another.
 */
import type { Logger } from '../log/logger.ts';
import type { JournalEvents } from './journal/JournalEvents.ts';
import type { Snapshots } from './types.ts';

export class SnapshotRunner implements Snapshots {
  readonly #events: JournalEvents;
  readonly #logger: Logger;
  readonly #listeners = new Set<() => Promise<void>>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: { events: JournalEvents; logger: Logger }) {
    this.#events = options.events;
    this.#logger = options.logger;
  }

  onRequest(listener: () => Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the snapshot is in the journal, or has failed and was logged. */
  run(id: string): Promise<void> {
    this.#last = this.#last.then(() => this.#take(id));
    return this.#last;
  }

  async #take(snapshotId: string): Promise<void> {
    try {
      this.#events.beginSnapshot(snapshotId);
      await Promise.all([...this.#listeners].map(listener => listener()));
      this.#events.endSnapshot(snapshotId);
      this.#logger.info('snapshot taken', { snapshotId });
    } catch (error) {
      this.#logger.error('snapshot failed', { snapshotId, error });
    }
  }
}
