/**
 * The right to be the operator of this cluster: a Lease of Kubernetes (S1).
 *
 * 1. It is held from `acquire` until it is lost or released; only its holder dials or applies.
 * 2. A holder renews every 5 s. After 10 s without a renewal it holds the Lease no more, by its own monotonic clock, which is before
 *    another one may take it: 15 s after it last saw the Lease change.
 * 3. What another process wrote is never compared with this machine's clock: only how long it has been unchanged here counts.
 * 4. Every write names the resourceVersion it read, so of two that try, one wins.
 */
import { sleep, type Clock } from './clock.ts';

export const LEASE_DURATION_MS = 15_000;
const RENEW_DEADLINE_MS = 10_000;
const RENEW_INTERVAL_MS = 5_000;
const RETRY_INTERVAL_MS = 2_000;

export type LeaseRecord = {
  /** Empty: nobody holds it. */
  holder: string;
  durationSeconds: number;
  acquireTime: string;
  renewTime: string;
  transitions: number;
};

export type StoredLease = LeaseRecord & { resourceVersion: string };

/** The one Lease object. Rejects where the API server can't be asked. */
export interface LeaseClient {
  read(): Promise<StoredLease | undefined>;
  /** Writes over the version that was read, or creates; `undefined` where somebody else was faster. */
  write(
    lease: LeaseRecord,
    resourceVersion: string | undefined,
  ): Promise<StoredLease | undefined>;
}

export class Lease {
  readonly #client: LeaseClient;
  readonly #holder: string;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  #seen: { lease: StoredLease; atMs: number } | undefined;
  #renewedAtMs: number | undefined;

  constructor(options: {
    client: LeaseClient;
    /** Unique to this process. */
    holder: string;
    clock: Clock;
    /** Hears of failures that are retried. */
    onError: (error: unknown) => void;
  }) {
    this.#client = options.client;
    this.#holder = options.holder;
    this.#clock = options.clock;
    this.#onError = options.onError;
  }

  /** Who held the Lease when it was last seen: this process or another one; absent where nobody did. */
  get holder(): string | undefined {
    return this.#seen?.lease.holder || undefined;
  }

  isHeld(): boolean {
    return (
      this.#renewedAtMs !== undefined &&
      this.#clock.monotonicMs() - this.#renewedAtMs < RENEW_DEADLINE_MS
    );
  }

  /** Resolves when the Lease is held, or the signal has fired. */
  async acquire(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(await this.#tryToHold())) {
      await sleep(this.#clock, RETRY_INTERVAL_MS, signal);
    }
  }

  /** Renews until the Lease is lost or the signal fires. */
  async keep(signal: AbortSignal): Promise<'lost' | 'stopped'> {
    let renewed = true;
    while (!signal.aborted) {
      await sleep(
        this.#clock,
        renewed ? RENEW_INTERVAL_MS : RETRY_INTERVAL_MS,
        signal,
      );
      if (signal.aborted) {
        break;
      }
      // A process that was paused beyond the deadline may find its Lease as it left it. It is lost all the same: whoever asked `isHeld`
      // meanwhile has acted on it.
      if (!this.isHeld()) {
        return 'lost';
      }
      renewed = await this.#tryToHold();
      if (!this.isHeld()) {
        return 'lost';
      }
    }
    return 'stopped';
  }

  /** Lets the next one in at once. */
  async release(): Promise<void> {
    if (!this.isHeld() || !this.#seen) {
      return;
    }
    const { resourceVersion, ...lease } = this.#seen.lease;
    this.#renewedAtMs = undefined;
    await this.#client.write({ ...lease, holder: '' }, resourceVersion);
  }

  async #tryToHold(): Promise<boolean> {
    // A renewal counts from before it was sent: it may have been written at any time since.
    const startedAtMs = this.#clock.monotonicMs();
    try {
      const current = await this.#read(startedAtMs);
      if (current && !this.#mayTake(current, startedAtMs)) {
        this.#renewedAtMs = undefined;
        return false;
      }
      const written = await this.#client.write(
        this.#record(current),
        current?.resourceVersion,
      );
      if (!written) {
        return false;
      }
      this.#seen = { lease: written, atMs: startedAtMs };
      this.#renewedAtMs = startedAtMs;
      return true;
    } catch (error) {
      this.#onError(error);
      return false;
    }
  }

  async #read(nowMs: number): Promise<StoredLease | undefined> {
    const lease = await this.#client.read();
    if (!lease) {
      this.#seen = undefined;
    } else if (lease.resourceVersion !== this.#seen?.lease.resourceVersion) {
      this.#seen = { lease, atMs: nowMs };
    }
    return lease;
  }

  #mayTake(lease: StoredLease, nowMs: number): boolean {
    const unchangedMs = nowMs - this.#seen!.atMs;
    return (
      lease.holder === this.#holder ||
      lease.holder === '' ||
      unchangedMs >= lease.durationSeconds * 1_000
    );
  }

  #record(current: StoredLease | undefined): LeaseRecord {
    const now = this.#clock.now().toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'000Z'");
    const renewal = current?.holder === this.#holder;
    return {
      holder: this.#holder,
      durationSeconds: LEASE_DURATION_MS / 1_000,
      acquireTime: renewal ? current.acquireTime : now,
      renewTime: now,
      transitions: (current?.transitions ?? 0) + (renewal || !current ? 0 : 1),
    };
  }
}
