/** How often something may be done: at once, and then again and again. */
export interface Rate {
  /** How often at once. */
  burst: number;
  /** How often in each minute that follows. */
  perMinute: number;
}

export type Taken = { taken: true } | { taken: false; retryAfterMs: number };

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * Token buckets by key, for rates of what strangers may ask for.
 *
 * 1. A bucket fills up steadily and is settled when it is looked at: there is no timer. (Libraries that limit by key keep a timer, or a
 *    row, for each one, and count fixed windows, which let twice the rate through at their edges.)
 * 2. Memory is bounded: at so many keys the one that was used longest ago is forgotten, and starts full again. That favours whoever
 *    asks rarely, which is what a limit is to protect.
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #maxKeys: number;
  readonly #monotonicMs: () => number;
  /** In the order of their last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: {
    rate: Rate;
    maxKeys: number;
    /** Milliseconds of a clock that never goes back. */
    monotonicMs(): number;
  }) {
    this.#rate = options.rate;
    this.#maxKeys = options.maxKeys;
    this.#monotonicMs = options.monotonicMs;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes one token, or tells when there will be one. */
  take(key: string): Taken {
    const nowMs = this.#monotonicMs();
    const perMs = this.#rate.perMinute / 60_000;
    const before = this.#buckets.get(key);
    const filled = before
      ? before.tokens + (nowMs - before.atMs) * perMs
      : this.#rate.burst;
    const tokens = Math.min(this.#rate.burst, filled);
    const taken = tokens >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, {
      tokens: taken ? tokens - 1 : tokens,
      atMs: nowMs,
    });
    this.#forgetOldest();
    return taken
      ? { taken }
      : { taken, retryAfterMs: Math.ceil((1 - tokens) / perMs) };
  }

  #forgetOldest(): void {
    if (this.#buckets.size > this.#maxKeys) {
      const [oldest] = this.#buckets.keys();
      this.#buckets.delete(oldest);
    }
  }
}
