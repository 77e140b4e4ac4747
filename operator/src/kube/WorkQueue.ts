/**
 * Reconciles keys: the same key never twice at once (D8), different keys side by side.
 *
 * Invariants:
 * 1. A key that is added while it is being reconciled is reconciled once more afterwards; adding it many times counts once.
 * 2. A fault (a rejected promise) or `retry` waits, longer each time: 1 s doubling to a minute, with jitter; `done` and `waiting` forget
 *    the backoff.
 * 3. `waiting` is no failure (D5): the key sleeps until it is added again, by whoever sees its dependency change.
 * 4. Adding a key cuts its pause short.
 */
import type { Clock } from '../link/clock.ts';
import { aborted } from './aborted.ts';

export type Reconciled =
  | { result: 'done' }
  | { result: 'waiting' }
  | { result: 'retry' }
  | { result: 'again'; afterMs: number };

export type Reconcile = (
  key: string,
  signal: AbortSignal,
) => Promise<Reconciled>;

export type WorkQueueOptions = {
  /** How many keys are worked on at once. */
  concurrency: number;
  onFault: (key: string, error: unknown) => void;
  clock: Clock;
  random?: () => number;
};

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #ready = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #pauses = new Map<string, () => void>();
  readonly #failures = new Map<string, number>();
  #run?: { reconcile: Reconcile; signal: AbortSignal };

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Nothing is worked on, and nothing is to be at once: what is left pauses. */
  get idle(): boolean {
    return this.#ready.size === 0 && this.#running.size === 0;
  }

  /** Wants a key reconciled, soon. */
  add(key: string): void {
    this.#cancelPause(key);
    this.#ready.add(key);
    this.#dispatch();
  }

  /** Works until the signal fires; resolves when what was running has ended. */
  async run(reconcile: Reconcile, signal: AbortSignal): Promise<void> {
    this.#run = { reconcile, signal };
    this.#dispatch();
    await aborted(signal);
    [...this.#pauses.keys()].forEach(key => this.#cancelPause(key));
    await Promise.all(this.#running.values());
  }

  #dispatch(): void {
    const run = this.#run;
    if (!run || run.signal.aborted) {
      return;
    }
    for (const key of this.#ready) {
      if (this.#running.size >= this.#options.concurrency) {
        return;
      }
      if (!this.#running.has(key)) {
        this.#ready.delete(key);
        this.#running.set(key, this.#work(key, run));
      }
    }
  }

  /** Never rejects: a fault is a retry. */
  async #work(
    key: string,
    run: { reconcile: Reconcile; signal: AbortSignal },
  ): Promise<void> {
    let outcome: Reconciled;
    try {
      outcome = await run.reconcile(key, run.signal);
    } catch (error) {
      if (!run.signal.aborted) {
        this.#options.onFault(key, error);
      }
      outcome = { result: 'retry' };
    }
    this.#running.delete(key);
    this.#settle(key, outcome);
    this.#dispatch();
  }

  #settle(key: string, outcome: Reconciled): void {
    switch (outcome.result) {
      case 'retry':
        this.#pause(key, this.#backoff(key));
        break;
      case 'again':
        this.#failures.delete(key);
        this.#pause(key, outcome.afterMs);
        break;
      case 'done':
      case 'waiting':
        this.#failures.delete(key);
        break;
      default:
        throw new Error(`Unknown outcome ${JSON.stringify(outcome)}`);
    }
  }

  #backoff(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const full = Math.min(FIRST_BACKOFF_MS * 2 ** failures, LONGEST_BACKOFF_MS);
    return full * (0.5 + (this.#options.random ?? Math.random)() / 2);
  }

  #pause(key: string, milliseconds: number): void {
    if (this.#ready.has(key) || this.#run?.signal.aborted) {
      return;
    }
    this.#cancelPause(key);
    this.#pauses.set(
      key,
      this.#options.clock.after(milliseconds, () => this.add(key)),
    );
  }

  #cancelPause(key: string): void {
    this.#pauses.get(key)?.();
    this.#pauses.delete(key);
  }
}
