/** Time that moves only when a test says so. */
import { DateTime } from 'luxon';
import type { Clock } from '../clock.ts';

export class ManualClock implements Clock {
  #now: DateTime;
  #monotonicMs = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  constructor(
    now: DateTime = DateTime.fromISO('2026-01-05T10:00:00Z', { zone: 'utc' }),
  ) {
    this.#now = now;
  }

  now(): DateTime {
    return this.#now;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#monotonicMs + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Sets the wall clock forward or back, as people and time servers do. What is monotonic does not notice. */
  shiftWallClock(ms: number): void {
    this.#now = this.#now.plus(ms);
  }

  /** How many timers are set: nothing may be left when a test is over. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on, and fires on the way what is due, each at its own time. */
  advance(ms: number): void {
    const end = this.#monotonicMs + ms;
    for (;;) {
      const next = [...this.#timers]
        .filter(timer => timer.at <= end)
        .sort((a, b) => a.at - b.at)[0];
      this.#moveTo(next?.at ?? end);
      if (!next) {
        return;
      }
      this.#timers.delete(next);
      next.callback();
    }
  }

  #moveTo(monotonicMs: number): void {
    this.#now = this.#now.plus(monotonicMs - this.#monotonicMs);
    this.#monotonicMs = monotonicMs;
  }
}
