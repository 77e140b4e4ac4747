/**
 * What is known of the records of one cluster: which have to be in the database at the end, and which may be.
 *
 * 1. A record is promised once it is in the journal: `put` makes it durable, and the journal sends it until it is acknowledged.
 * 2. A journal that is lost, or rolled back, takes with it what was not acknowledged; what was, is in the database.
 * 3. A database that is restored takes with it what was committed since; a journal that still has the record sends it again (E6). Only
 *    what neither has is not promised any more.
 */
export class RecordLedger {
  readonly #records = new Map<
    number,
    { isPromised: boolean; isInJournal: boolean }
  >();

  /** Durable, or, where nobody answered, perhaps. */
  emitted(numbers: readonly number[], isCertain: boolean): void {
    for (const number of numbers) {
      this.#records.set(number, { isPromised: isCertain, isInJournal: true });
    }
  }

  /**
   * Another journal is there from now on: an empty one, or an older one. `waiting` are the records that were not acknowledged in the
   * one before, `kept` those that the new one has, acknowledged or not.
   */
  journalReplaced(
    waiting: ReadonlySet<number>,
    kept: ReadonlySet<number>,
  ): void {
    for (const [number, record] of this.#records) {
      if (!kept.has(number)) {
        record.isPromised &&= !waiting.has(number);
        record.isInJournal = false;
      }
    }
  }

  /** A second journal with these records beside the first is gone; `kept` are those that the first has. */
  copyLost(waiting: ReadonlySet<number>, kept: ReadonlySet<number>): void {
    for (const number of waiting) {
      const record = this.#records.get(number);
      if (record && !kept.has(number)) {
        record.isPromised = false;
      }
    }
  }

  /** These are not in the first journal, but in a second one. */
  emittedElsewhere(numbers: readonly number[], isCertain: boolean): void {
    for (const number of numbers) {
      this.#records.set(number, { isPromised: isCertain, isInJournal: false });
    }
  }

  /** The database has these and no others. */
  databaseRestored(committed: ReadonlySet<number>): void {
    for (const [number, record] of this.#records) {
      record.isPromised &&= record.isInJournal || committed.has(number);
    }
  }

  get promised(): number[] {
    return [...this.#records]
      .filter(([, { isPromised }]) => isPromised)
      .map(([number]) => number);
  }

  has(number: number): boolean {
    return this.#records.has(number);
  }
}
