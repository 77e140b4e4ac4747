import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { Knex } from 'knex';
import { SessionClock } from '../session/types';
import { LinkPeriods } from '../settings';
import { NotificationListener } from '../notifications/DatabaseNotifications';
import { HeldSessions } from './HeldSessions';
import { LINK_CHANNEL } from './operations/notifyLink';
import { renewSessions } from './operations/renewSessions';
import { repeat } from './repeat';

/**
 * Renews what this replica holds, and gives it up when it can't (S3).
 *
 * 1. A session whose epoch is not the link's any more, or whose cluster is gone, is ended at the next renewal (S7); so is one that has
 *    acknowledged more than the database knows, which was restored under it (E6): the next session learns what is true.
 * 2. Without a renewal that commits for the lease's period, by a clock that never goes back, this replica is not ready and ends its
 *    sessions: cut off from Postgres it can neither acknowledge nor send, and must not keep operators from one that can.
 * 3. A NOTIFY that something was decided about a link of this replica renews at once; the next renewal hears of it at any rate.
 * 4. It watches in a loop of its own, because the renewal itself may hang.
 */
export class LeaseKeeper implements NotificationListener {
  readonly channel = LINK_CHANNEL;
  readonly #db: Knex;
  readonly #held: HeldSessions;
  readonly #clock: SessionClock;
  readonly #periods: LinkPeriods;
  readonly #logger: LoggerService;
  #renewedAtMs: number;

  constructor(options: {
    db: Knex;
    held: HeldSessions;
    clock: SessionClock;
    periods: LinkPeriods;
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#held = options.held;
    this.#clock = options.clock;
    this.#periods = options.periods;
    this.#logger = options.logger;
    this.#renewedAtMs = options.clock.monotonicMs();
  }

  /** Whether this replica may take sessions. */
  get ready(): boolean {
    return this.#clock.monotonicMs() - this.#renewedAtMs < this.#periods.lease;
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    this.#renewedAtMs = this.#clock.monotonicMs();
    await Promise.all([
      repeat({
        periodMs: this.#periods.heartbeat,
        signal,
        run: () => this.#renew(),
        failed: error =>
          this.#logger.warn('The links could not be renewed', error),
      }),
      repeat({
        periodMs: this.#periods.lease / 10,
        signal,
        run: () => this.#watch(),
        failed: error => this.#logger.error('The lease is not watched', error),
      }),
    ]);
  }

  notified(clusterId: string): void {
    if (this.#held.get(clusterId)) {
      this.#renewSoon();
    }
  }

  reconnected(): void {
    this.#renewSoon();
  }

  #renewSoon(): void {
    this.#renew().catch(error =>
      this.#logger.warn('The links could not be renewed', toError(error)),
    );
  }

  /** May overlap with another one: each is a statement of its own that goes no step back. */
  async #renew(): Promise<void> {
    const sessions = this.#held.all();
    const startedAtMs = this.#clock.monotonicMs();
    const renewal = await renewSessions(
      this.#db,
      sessions.map(({ link, session }) => ({
        clusterId: link.clusterId,
        epoch: link.epoch,
        silentMs: session.silentMs(),
        ackedSeq: session.ackedSeq(),
        journal: session.journalFill(),
      })),
    );
    this.#renewedAtMs = Math.max(this.#renewedAtMs, startedAtMs);
    const fenced = new Set(renewal.fencedClusterIds);
    for (const { clusterId, rotationId } of renewal.rotations) {
      this.#held.get(clusterId)?.rotateKey(rotationId);
    }
    for (const { link, session } of sessions) {
      if (fenced.has(link.clusterId)) {
        session.fence(
          'fenced',
          'This session is not the newest any more, or its database was restored',
        );
      }
    }
  }

  async #watch(): Promise<void> {
    if (!this.ready) {
      for (const { session } of this.#held.all()) {
        session.fence(
          'lease_lost',
          'This replica of the Manager does not reach its database',
        );
      }
    }
  }
}
