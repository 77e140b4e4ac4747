import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../link/clock.ts';
import type {
  Events,
  OperatorEventBody,
  SnapshotRequest,
} from '../link/types.ts';

/** Puts states as events: each change once, and all of them again when a snapshot is asked for (E7). */
export class Reports {
  readonly #events: Events;
  readonly #clock: Clock;
  readonly #last = new Map<string, OperatorEventBody>();

  constructor(options: { events: Events; clock: Clock }) {
    this.#events = options.events;
    this.#clock = options.clock;
  }

  /** Puts the state of a key, unless it is what was put last. */
  report(key: string, body: OperatorEventBody): void {
    if (!isDeepStrictEqual(this.#last.get(key), body)) {
      this.#last.set(key, body);
      this.#put(key, body);
    }
  }

  /** Puts a last word and forgets the key. */
  conclude(key: string, body: OperatorEventBody): void {
    this.report(key, body);
    this.forget(key);
  }

  /** Later snapshots leave the key out. */
  forget(key: string): void {
    this.#last.delete(key);
  }

  /** Puts what holds and is asked for once more. */
  repeat({ wants }: SnapshotRequest): void {
    for (const [key, body] of this.#last) {
      if (wants(key)) {
        this.#put(key, body);
      }
    }
  }

  #put(key: string, body: OperatorEventBody): void {
    this.#events.put({
      key,
      kind: 'state',
      observedAt: this.#clock.now(),
      body,
    });
  }
}
