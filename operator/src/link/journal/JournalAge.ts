/**
 * How long this journal has been in use: the clock by which it forgets.
 *
 * What is kept "for 72 hours" must be there that long, and a wall clock that jumps by an hour, or by ten years, would cut that short. A
 * monotonic clock begins anew with each process. So the age adds up the monotonic time of all processes that had the journal open:
 *
 * 1. It never goes back, whatever the wall clock does, and never runs faster than real time. So nothing is forgotten too early.
 * 2. Time in which no operator ran, or that a crash kept from being written down, does not count: what is kept is kept longer.
 *    The space budget bounds what that can cost (E10).
 */
import type { Clock } from '../clock.ts';
import type { Facts } from './Facts.ts';

export class JournalAge {
  readonly #facts: Facts;
  readonly #clock: Clock;
  /** The age when this process opened the journal, less its monotonic clock then. */
  readonly #offsetMs: number;

  constructor(options: { facts: Facts; clock: Clock }) {
    this.#facts = options.facts;
    this.#clock = options.clock;
    this.#offsetMs =
      this.#facts.getNumber('age_ms') - this.#clock.monotonicMs();
  }

  /** In whole milliseconds. */
  get ms(): number {
    return Math.floor(this.#offsetMs + this.#clock.monotonicMs());
  }

  /** Writes the age down. Within a transaction it is a part of that one. */
  save(): void {
    this.#facts.set('age_ms', this.ms);
  }
}
