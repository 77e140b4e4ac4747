/**
 * One session, from the first frame to its end: states, timers, and what happens when a state is entered. SessionState.ts has the states.
 *
 * 1. A session resolves to an outcome, whatever the network and the Manager do, and leaves nothing behind: no timer, no listener.
 * 2. Silence of three heartbeat intervals ends the session, in every state but the opening, which has a limit of its own (S2).
 * 3. Whatever fails beside the reading of frames ends the session, as a failure there does.
 */
import type { ConnectResponse, Welcome } from '@kubenova/proto';
import type { Clock } from './clock.ts';
import type { FrameQueue } from './FrameQueue.ts';
import { outcomeOfError, SessionEnd, type AttemptOutcome } from './outcome.ts';
import {
  timersOf,
  transition,
  type SessionInput,
  type SessionState,
  type SessionTimer,
} from './SessionState.ts';
import type { SessionTraffic } from './SessionTraffic.ts';

const OPENING_TIMEOUT_MS = 15_000;
const DEFAULT_HEARTBEAT_MS = 5_000;
const SHORTEST_HEARTBEAT_MS = 100;
const SILENT_INTERVALS = 3;
const DIGEST_INTERVAL_MS = 10 * 60_000;
const GRACE_MS = 3_000;

export type SessionLimits = {
  openingTimeoutMs?: number;
  /** How long each step of an orderly end may take, in milliseconds. */
  graceMs?: number;
};

export type SessionOptions = SessionLimits & {
  clock: Clock;
  queue: FrameQueue;
  /** Ends the stream when it is aborted. */
  stream: AbortController;
  /** Exchanges the first frames, and obeys Welcome. */
  open: (responses: AsyncIterator<ConnectResponse>) => Promise<Welcome>;
  createTraffic: (welcome: Welcome) => SessionTraffic;
};

export class Session {
  readonly #options: SessionOptions;
  /** Fires when the session is not open any more: nothing is begun. */
  readonly #closing = new AbortController();
  readonly #timers = new Map<SessionTimer, () => void>();
  #state: SessionState = { name: 'opening' };
  #heartbeatMs = DEFAULT_HEARTBEAT_MS;
  #openedAtMs = 0;
  #traffic: SessionTraffic | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#startTimers();
  }

  /** Reads frames until the session is over. */
  async run(
    responses: AsyncIterator<ConnectResponse>,
  ): Promise<AttemptOutcome> {
    try {
      this.#opened(await this.#options.open(responses));
      for (;;) {
        const next = await responses.next();
        if (next.done) {
          this.#end(this.#served('The Manager ended the session.'));
          break;
        }
        this.#restart('silence');
        this.#receive(next.value.frame);
      }
    } catch (error) {
      this.#fail(error);
    }
    await this.#sending;
    // Only an end leads out of the loop.
    return (this.#state as SessionState & { name: 'over' }).outcome;
  }

  /** Ends the session in good order, as far as the Manager answers. */
  close(outcome: AttemptOutcome): void {
    const settled = this.#traffic?.settled ?? true;
    this.#take({ type: 'close', outcome, settled });
  }

  #opened(welcome: Welcome): void {
    this.#heartbeatMs = Math.max(
      welcome.heartbeatIntervalMs || DEFAULT_HEARTBEAT_MS,
      SHORTEST_HEARTBEAT_MS,
    );
    this.#openedAtMs = this.#options.clock.monotonicMs();
    this.#traffic = this.#options.createTraffic(welcome);
    this.#take({ type: 'opened' });
  }

  #receive(frame: ConnectResponse['frame']): void {
    const effect = this.#traffic!.receive(frame, this.#closing.signal);
    switch (effect.kind) {
      case 'none':
        break;
      case 'drain':
        this.close({
          kind: 'drained',
          reason: 'The Manager asked to dial again.',
          spreadMs: effect.spreadMs,
        });
        break;
      case 'work':
        effect.work.catch(error => this.#fail(error));
        break;
      default:
        throw new Error(`unknown effect ${effect satisfies never}`);
    }
    if (this.#traffic!.settled) {
      this.#take({ type: 'settled' });
    }
  }

  #take(input: SessionInput): void {
    const next = transition(this.#state, input);
    if (next !== this.#state) {
      this.#state = next;
      this.#startTimers();
      this.#enter(next);
    }
  }

  /** What is done once in each state. */
  #enter(state: SessionState): void {
    const { queue, stream } = this.#options;
    switch (state.name) {
      case 'opening':
        break;
      case 'open':
        this.#traffic!.sendDigest();
        this.#sending = this.#traffic!.sendEvents(this.#closing.signal).catch(
          error => this.#fail(error),
        );
        break;
      case 'settling':
        this.#closing.abort();
        break;
      case 'leaving':
        this.#closing.abort();
        queue.push({ case: 'bye', value: { reason: reasonOf(state.outcome) } });
        queue.end();
        break;
      case 'over':
        this.#closing.abort();
        queue.abandon();
        stream.abort(new SessionEnd(state.outcome));
        break;
      default:
        throw new Error(`unknown state ${state satisfies never}`);
    }
  }

  #startTimers(): void {
    this.#timers.forEach(cancel => cancel());
    this.#timers.clear();
    timersOf[this.#state.name].forEach(timer => this.#start(timer));
  }

  #restart(timer: SessionTimer): void {
    const cancel = this.#timers.get(timer);
    if (cancel) {
      cancel();
      this.#start(timer);
    }
  }

  #start(timer: SessionTimer): void {
    this.#timers.set(
      timer,
      this.#options.clock.after(this.#periodOf(timer), () => {
        try {
          this.#due(timer);
        } catch (error) {
          this.#fail(error);
        }
      }),
    );
  }

  #periodOf(timer: SessionTimer): number {
    const { openingTimeoutMs = OPENING_TIMEOUT_MS, graceMs = GRACE_MS } =
      this.#options;
    const periods: Record<SessionTimer, number> = {
      opening: openingTimeoutMs,
      heartbeat: this.#heartbeatMs,
      digest: DIGEST_INTERVAL_MS,
      silence: this.#heartbeatMs * SILENT_INTERVALS,
      grace: graceMs,
    };
    return periods[timer];
  }

  #due(timer: SessionTimer): void {
    const periodMs = this.#periodOf(timer);
    switch (timer) {
      case 'opening':
        this.#end({
          kind: 'retryable',
          reason: `The session was not open after ${periodMs} ms.`,
        });
        break;
      case 'heartbeat':
        this.#restart(timer);
        this.#traffic!.sendHeartbeat();
        break;
      case 'digest':
        this.#restart(timer);
        this.#traffic!.sendDigest();
        break;
      case 'silence':
        this.#end(this.#served(`The Manager was silent for ${periodMs} ms.`));
        break;
      case 'grace':
        this.#take({ type: 'grace' });
        break;
      default:
        throw new Error(`unknown timer ${timer satisfies never}`);
    }
  }

  #end(outcome: AttemptOutcome): void {
    this.#take({ type: 'end', outcome });
  }

  #fail(error: unknown): void {
    if (error instanceof SessionEnd || this.#state.name === 'opening') {
      this.#end(outcomeOfError(error));
    } else {
      const reason = error instanceof Error ? error.message : String(error);
      this.#end(this.#served(reason));
    }
  }

  #served(reason: string): AttemptOutcome {
    const uptimeMs = this.#options.clock.monotonicMs() - this.#openedAtMs;
    return { kind: 'served', reason, uptimeMs };
  }
}

function reasonOf(outcome: AttemptOutcome): string {
  return 'reason' in outcome ? outcome.reason : 'The operator stops.';
}
