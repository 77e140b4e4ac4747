/**
 * Keeps a session open for as long as the process lives.
 *
 * 1. There is at most one attempt at a time, and none without the Lease (S1).
 * 2. What follows an outcome is decided here alone:
 *    served     pause with backoff, which begins anew after a session that was open for 30 s
 *    drained    pause at random up to the spread that the Manager asked for; backoff is left as it is (S4)
 *    retryable  pause with backoff
 *    refused    pause of 5 minutes, which ends when people have joined the cluster anew; the condition tells them why
 *    stopped    the end
 * 3. What has to be enrolled is enrolled first. If that is refused, a session is tried all the same (see Enrolment.ts).
 */
import type { Logger } from '../log/logger.ts';
import type { Backoff } from './backoff.ts';
import { sleep, type Clock } from './clock.ts';
import type { EnrollOutcome } from './enroll.ts';
import { LinkState } from './LinkState.ts';
import type { AttemptOutcome } from './outcome.ts';

const MINIMUM_UPTIME_MS = 30_000;
const REFUSED_PAUSE_MS = 5 * 60_000;
const LOOK_FOR_TOKEN_MS = 10_000;

export type SupervisorOptions = {
  /** Resolves to nothing where there is nothing to enrol. */
  enroll: (signal: AbortSignal) => Promise<EnrollOutcome | undefined>;
  /** Whether there is a join token that has not been tried yet, for a key that is refused. */
  joinedAnew: () => Promise<boolean>;
  attempt: (signal: AbortSignal, onOpen: () => void) => Promise<AttemptOutcome>;
  /** Whether this process holds the Lease at this moment. */
  isHolder: () => boolean;
  state: LinkState;
  backoff: Backoff;
  refusedPauseMs?: number;
  /** A number from 0 up to, not including, 1. */
  random: () => number;
  clock: Clock;
  logger: Logger;
};

export class Supervisor {
  readonly #options: SupervisorOptions;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves when the signal has fired and the last session is over, or when the Lease is lost. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, isHolder, state } = this.#options;
    while (!signal.aborted && isHolder()) {
      state.set({ kind: 'connecting' });
      const outcome = await this.#attempt(signal);
      const delayMs = this.#settle(outcome);
      if (delayMs === undefined) {
        break;
      }
      const { kind, ...rest } = outcome;
      logger.info('session over', { outcome: kind, ...rest, delayMs });
      await (outcome.kind === 'refused'
        ? this.#pauseRefused(delayMs, signal)
        : sleep(clock, delayMs, signal));
    }
  }

  /** Nobody waits for minutes who has just applied another join manifest. */
  async #pauseRefused(delayMs: number, signal: AbortSignal): Promise<void> {
    const { clock, joinedAnew } = this.#options;
    const endMs = clock.monotonicMs() + delayMs;
    while (!signal.aborted && !(await joinedAnew())) {
      const leftMs = endMs - clock.monotonicMs();
      if (leftMs <= 0) {
        return;
      }
      await sleep(clock, Math.min(leftMs, LOOK_FOR_TOKEN_MS), signal);
    }
  }

  async #attempt(signal: AbortSignal): Promise<AttemptOutcome> {
    const { enroll, attempt, state, logger } = this.#options;
    const enrolled = await enroll(signal);
    if (enrolled?.kind === 'retryable') {
      return signal.aborted ? { kind: 'stopped' } : enrolled;
    }
    if (enrolled?.kind === 'enrolled') {
      logger.info('enrolled', { outcome: enrolled.clusterName });
    }
    const refusal = enrolled?.kind === 'refused' ? enrolled : undefined;
    const outcome = await attempt(signal, () => state.set({ kind: 'open' }));
    // Of two refusals the first is the cause: there would be a key if the token were good.
    return outcome.kind === 'refused' ? refusal ?? outcome : outcome;
  }

  /** How long to pause before the next attempt, or `undefined` for none. */
  #settle(outcome: AttemptOutcome): number | undefined {
    const {
      backoff,
      random,
      state,
      refusedPauseMs = REFUSED_PAUSE_MS,
    } = this.#options;
    switch (outcome.kind) {
      case 'served':
        state.set({ kind: 'disconnected', reason: outcome.reason });
        if (outcome.uptimeMs >= MINIMUM_UPTIME_MS) {
          backoff.reset();
        }
        return backoff.next();
      case 'drained':
        state.set({ kind: 'disconnected', reason: outcome.reason });
        return Math.round(random() * outcome.spreadMs);
      case 'retryable':
        state.set({ kind: 'disconnected', reason: outcome.reason });
        return backoff.next();
      case 'refused':
        state.set({ ...outcome });
        return refusedPauseMs;
      case 'stopped':
        return undefined;
      default:
        throw new Error(`unknown outcome ${outcome satisfies never}`);
    }
  }
}
