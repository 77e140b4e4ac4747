import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { SessionClock } from '../session/types';
import { LinkPeriods } from '../settings';
import { HeldSessions } from './HeldSessions';
import { forgetReplica, reportReplica } from './operations/reportReplica';
import { repeat } from './repeat';

/** A replica with more than this part of the mean has too many (S4). */
const TOLERANCE = 1.2;
/** The largest part of its sessions that a replica gives up at once: each costs a handshake, and some come back. */
const LARGEST_PART = 0.1;

/**
 * Spreads the sessions over the replicas (S4). Whoever has many asks some operators to dial again, and the load balancer sends them to
 * whom it likes; so it is done in small steps, each with new counts. A replica that has just started is filled that way.
 *
 * The counts are in Postgres; no replica calls another one. A replica that is not ready, or stops, takes itself out.
 */
export class SessionBalancer {
  readonly #db: Knex;
  readonly #held: HeldSessions;
  readonly #replica: string;
  readonly #ready: () => boolean;
  readonly #clock: SessionClock;
  readonly #periods: LinkPeriods;
  readonly #logger: LoggerService;
  #balancedAtMs: number;

  constructor(options: {
    db: Knex;
    held: HeldSessions;
    /** Names this process. */
    replica: string;
    ready(): boolean;
    clock: SessionClock;
    periods: LinkPeriods;
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#held = options.held;
    this.#replica = options.replica;
    this.#ready = options.ready;
    this.#clock = options.clock;
    this.#periods = options.periods;
    this.#logger = options.logger;
    this.#balancedAtMs = options.clock.monotonicMs();
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    const failed = (error: Error) =>
      this.#logger.warn('Sessions could not be counted', error);
    await repeat({
      periodMs: this.#periods.heartbeat,
      signal,
      run: () => this.#look(),
      failed,
    });
    await forgetReplica(this.#db, this.#replica).catch(failed);
  }

  async #look(): Promise<void> {
    if (!this.#ready()) {
      await forgetReplica(this.#db, this.#replica);
      return;
    }
    const sessions = this.#held.all();
    const peers = await reportReplica(this.#db, {
      replica: this.#replica,
      sessions: sessions.length,
      aliveMs: this.#periods.silence,
    });
    const nowMs = this.#clock.monotonicMs();
    const excess = excessSessions({ mine: sessions.length, ...peers });
    if (excess === 0 || nowMs - this.#balancedAtMs < this.#periods.balance) {
      return;
    }
    this.#balancedAtMs = nowMs;
    this.#logger.info('Sessions are given to other replicas', {
      replica: this.#replica,
      sessions: sessions.length,
      excess,
    });
    // In the order in which they were taken: those that will have lived for long enough next.
    for (const { session } of sessions.slice(0, excess)) {
      session.drain({
        spreadMs: this.#periods.heartbeat,
        reason: 'This replica has more sessions than the others',
      });
    }
  }
}

/** How many sessions a replica gives up now. */
export function excessSessions(counts: {
  mine: number;
  peers: number;
  sessionsOfPeers: number;
}): number {
  const { mine, peers, sessionsOfPeers } = counts;
  const mean = (mine + sessionsOfPeers) / (peers + 1);
  if (mine <= TOLERANCE * mean) {
    return 0;
  }
  const step = Math.max(1, Math.floor(LARGEST_PART * mine));
  return Math.min(step, mine - Math.ceil(mean));
}
