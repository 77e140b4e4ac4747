import { setTimeout as sleep } from 'node:timers/promises';
import { NotificationListener } from '../notifications/DatabaseNotifications';
import { ANSWERS_CHANNEL } from './operations/channels';

/** One who waits for an answer. */
export class Waker {
  #alarm = new AbortController();

  wake(): void {
    this.#alarm.abort();
  }

  /** Returns when it was woken since the last sleep, when the time is over, or when the signal fires. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const woken = this.#alarm.signal;
    await sleep(ms, undefined, {
      signal: signal ? AbortSignal.any([signal, woken]) : woken,
    }).catch(() => {}); // why it woke is the caller's to look at
    if (woken.aborted) {
      this.#alarm = new AbortController();
    }
  }
}

/** Wakes those of this replica who wait for an answer. A nudge that comes while nobody sleeps is kept for the next sleep. */
export class Wakers implements NotificationListener {
  readonly channel = ANSWERS_CHANNEL;
  readonly #waiting = new Map<string, Waker>();

  notified(callId: string): void {
    this.#waiting.get(callId)?.wake();
  }

  reconnected(): void {
    this.#waiting.forEach(waker => waker.wake());
  }

  add(callId: string): Waker {
    const waker = new Waker();
    this.#waiting.set(callId, waker);
    return waker;
  }

  delete(callId: string): void {
    this.#waiting.delete(callId);
  }
}
