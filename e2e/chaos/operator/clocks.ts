import { systemClock, type Clock } from '@kubenova/operator/link';

/** The system's clock, whose hands can be moved. Durations are not touched, as those of a monotonic clock never are. */
export class WrongClock implements Clock {
  offsetMs: number;

  constructor(offsetMs: number) {
    this.offsetMs = offsetMs;
  }

  now() {
    return systemClock.now().plus(this.offsetMs);
  }

  monotonicMs(): number {
    return systemClock.monotonicMs();
  }

  after(ms: number, callback: () => void): () => void {
    return systemClock.after(ms, callback);
  }
}

/** A clock on which everything takes a fraction of its time: the 15 s of a Lease would be most of a run. */
export function hurried(clock: Clock, times: number): Clock {
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs() * times,
    after: (ms, callback) => clock.after(ms / times, callback),
  };
}
