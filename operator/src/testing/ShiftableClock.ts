import type { DateTime } from 'luxon';
import { systemClock } from '../link/clock.ts';
import type { Clock } from '../link/clock.ts';

type Timer = { at: number; callback: () => void; cancel: () => void };

/** Real time, which a test can move on besides: what waits for a deadline need not wait for it, and what retries goes on retrying. */
export class ShiftableClock implements Clock {
  readonly #timers = new Set<Timer>();
  #shiftedMs = 0;

  now(): DateTime {
    return systemClock.now().plus(this.#shiftedMs);
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#shiftedMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.monotonicMs() + ms, callback, cancel: () => {} };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => this.#drop(timer);
  }

  /** Moves on, and fires what is due by then. */
  advance(ms: number): void {
    this.#shiftedMs += ms;
    for (const timer of [...this.#timers]) {
      // What fired before it may have cancelled it.
      if (this.#timers.has(timer)) {
        timer.cancel();
        this.#arm(timer);
      }
    }
  }

  #arm(timer: Timer): void {
    const left = timer.at - this.monotonicMs();
    if (left <= 0) {
      this.#drop(timer);
      timer.callback();
      return;
    }
    timer.cancel = systemClock.after(left, () => {
      this.#drop(timer);
      timer.callback();
    });
  }

  #drop(timer: Timer): void {
    timer.cancel();
    this.#timers.delete(timer);
  }
}
