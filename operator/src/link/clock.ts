/** Time as the operator knows it, so that tests can turn it by hand. */
import { DateTime } from 'luxon';

export interface Clock {
  /** The wall clock, in UTC: for people and records. Nothing that must hold is decided by it. */
  now(): DateTime;
  /** Milliseconds that only ever grow: for durations and deadlines. */
  monotonicMs(): number;
  /** Calls back once after some milliseconds. Returns what cancels that. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => DateTime.utc(),
  monotonicMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after some milliseconds, or at once when the signal fires. */
export function sleep(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) {
    return Promise.resolve();
  }
  return new Promise(resolve => {
    const cancel = clock.after(ms, finish);
    function finish() {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    }
    signal.addEventListener('abort', finish);
  });
}

/** Calls back again and again, some milliseconds apart, until cancelled. */
export function every(
  clock: Clock,
  ms: number,
  callback: () => void,
): () => void {
  let cancel = clock.after(ms, tick);
  function tick() {
    cancel = clock.after(ms, tick);
    callback();
  }
  return () => cancel();
}
