import { toError } from '@backstage/errors';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { ConnectRequest, ConnectResponse, Hello } from '@kubenova/proto';
import { JournalFill } from '../lease/operations/renewSessions';
import { admit } from './admit';
import { openingFrames } from './frames';
import { LinkTraffic } from './LinkTraffic';
import { Outbound } from './Outbound';
import { ProtocolError } from './ProtocolError';
import {
  DrainOrder,
  OpenLink,
  SessionEnd,
  SessionEndReason,
  SessionInput,
  SessionState,
  isFault,
  transition,
} from './SessionState';
import { spread } from './spread';
import { HeldSession, SessionContext, SessionStream } from './types';

/** A Heartbeat is not queued behind frames that the operator has not read yet: those show life as well. */
const MAX_WAITING_FOR_HEARTBEAT = 4;

/**
 * One life of a link: reads the operator's frames, writes the Manager's, and moves through the states of SessionState.ts. What goes
 * on in a state is elsewhere (admit.ts, LinkTraffic.ts); this file is as long as the ways in and out of all states together.
 *
 * 1. Every change of state goes through `#input`. Entering a state starts its timers and its work; leaving it stops its timers.
 * 2. Work sees a signal and is awaited before the link is given back. What it still commits is not acknowledged; the next session is
 *    told of it.
 * 3. Reading never waits for the database, so heartbeats are heard while events are being committed. The credit bounds what waits.
 * 4. An end in order waits for the acknowledgement of what was received; any other end closes the stream at once, however long the
 *    database takes. Reading goes on until the operator has closed its side as well: to break it off would break off the answer.
 */
export class Session implements HeldSession {
  readonly #context: SessionContext;
  readonly #stream: SessionStream;
  readonly #outbound: Outbound;
  readonly #nonce: Uint8Array;
  readonly #ended: Promise<SessionEnd>;
  #resolveEnded!: (end: SessionEnd) => void;
  readonly #decided: Promise<void>;
  #resolveDecided!: () => void;
  readonly #work = new AbortController();
  readonly #pumping = new AbortController();
  #opening: Promise<void> | undefined;
  #traffic: LinkTraffic | undefined;
  #state: SessionState;
  readonly #timers = new Set<NodeJS.Timeout>();
  #heardAtMs: number;
  #readOver = false;

  constructor(context: SessionContext, stream: SessionStream) {
    this.#context = context;
    this.#stream = stream;
    this.#heardAtMs = context.clock.monotonicMs();
    this.#nonce = context.clock.randomBytes(32);
    this.#state = { name: 'challenged' };
    this.#ended = new Promise(resolve => {
      this.#resolveEnded = resolve;
    });
    this.#decided = new Promise(resolve => {
      this.#resolveDecided = resolve;
    });
    this.#outbound = new Outbound(() =>
      this.#end('overloaded', 'The operator does not read what it is sent'),
    );
  }

  /** The frames to write, until the session has ended. Called once. */
  run(): AsyncIterable<ConnectResponse> {
    this.#outbound.push({
      case: 'challenge',
      value: {
        nonce: this.#nonce,
        installationId: this.#context.installationId,
      },
    });
    this.#after(this.#context.periods.hello, () =>
      this.#end('no_hello', 'No Hello came in time'),
    );
    this.#stream.signal.addEventListener(
      'abort',
      () => this.#end('disconnected', 'The stream broke off'),
      { once: true },
    );
    void this.#read();
    return this.#outbound;
  }

  /** Resolves when the link is given back and nothing of the session writes any more. */
  get ended(): Promise<SessionEnd> {
    return this.#ended;
  }

  /** Resolves when the link was taken, or the session has ended without. */
  get decided(): Promise<void> {
    return this.#decided;
  }

  silentMs(): number {
    return this.#context.clock.monotonicMs() - this.#heardAtMs;
  }

  ackedSeq(): bigint {
    return this.#traffic?.ackedSeq ?? 0n;
  }

  fence(reason: 'fenced' | 'lease_lost', message: string): void {
    this.#end(reason, message);
  }

  rotateKey(rotationId: string): void {
    if (this.#state.name === 'open') {
      this.#traffic?.rotateKey(rotationId);
    }
  }

  nudge(): void {
    this.#traffic?.nudge();
  }

  nudgeCalls(): void {
    this.#traffic?.nudgeCalls();
  }

  journalFill(): JournalFill | undefined {
    return this.#traffic?.journalFill;
  }

  /** Asks the operator to dial again, and ends when it has closed its side or the time for that is over (S4). */
  drain(order: DrainOrder): void {
    this.#input({ type: 'drain', order });
  }

  #end(reason: SessionEndReason, message: string): void {
    this.#input({ type: 'end', end: { reason, message } });
  }

  #input(input: SessionInput): void {
    const before = this.#state;
    this.#state = transition(before, input);
    if (this.#state !== before) {
      this.#clearTimers();
      this.#enter(this.#state, before);
    }
  }

  #enter(state: SessionState, before: SessionState): void {
    const { periods } = this.#context;
    switch (state.name) {
      case 'opening':
        this.#opening = this.#open(state.hello);
        break;
      case 'open':
        this.#resolveDecided();
        openingFrames(state.link, this.#context).forEach(frame =>
          this.#outbound.push(frame),
        );
        this.#startTraffic(state.link);
        this.#beat();
        this.#listen();
        this.#after(spread(this.#context.clock, periods.session, 0.2), () =>
          this.drain({
            spreadMs: periods.heartbeat,
            reason: 'The session has lived for long enough',
          }),
        );
        break;
      case 'draining':
        this.#pumping.abort();
        this.#stream.goAway(); // first, or the next session might come on this connection
        this.#outbound.push({
          case: 'drain',
          value: { spreadMs: state.order.spreadMs },
        });
        this.#after(periods.drain, () =>
          this.#end('drained', state.order.reason),
        );
        this.#beat();
        break;
      case 'ended':
        this.#resolveDecided();
        void this.#finish(before, state.end);
        break;
      case 'challenged':
        throw new Error('Nothing leads back to challenged');
      default:
        unreachable(state);
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const { frame } of this.#stream.requests) {
        this.#receive(frame);
      }
      await this.#closedByOperator();
      this.#readOver = true;
      this.#clearTimers(); // the state is 'ended' here, and its timer was for a peer that leaves its side open
    } catch (error) {
      const isUnreadable = this.#stream.isProtocolError(error);
      // Of what can't be read nobody takes the rest, for which the peer would wait: its side is open still.
      this.#readOver = !isUnreadable;
      this.#end(
        isUnreadable ? 'protocol_error' : 'disconnected',
        toError(error).message,
      );
    }
  }

  #receive(frame: ConnectRequest['frame']): void {
    this.#heardAtMs = this.#context.clock.monotonicMs();
    try {
      if (frame.case === undefined) {
        throw new ProtocolError(
          'The frame is unset, or one of a later version of the protocol',
        );
      }
      if (this.#state.name === 'ended') {
        return; // The operator does not know yet.
      }
      if (frame.case === 'hello') {
        this.#input({ type: 'hello', hello: frame.value });
      } else if (frame.case === 'bye') {
        void this.#closeInOrder('bye', frame.value.reason);
      } else if (this.#traffic) {
        this.#traffic.receive(frame);
      } else {
        throw new ProtocolError(
          `A ${frame.case} frame came before the Welcome`,
        );
      }
    } catch (error) {
      this.#end(
        error instanceof ProtocolError ? 'protocol_error' : 'unavailable',
        toError(error).message,
      );
    }
  }

  async #open(hello: Hello): Promise<void> {
    try {
      const admission = await admit({
        hello,
        nonce: this.#nonce,
        remoteAddress: this.#stream.remoteAddress,
        context: this.#context,
        signal: this.#work.signal,
      });
      if (!admission.admitted) {
        this.#input({ type: 'end', end: admission.end });
        return;
      }
      this.#input({ type: 'opened', link: admission.link });
      if (!this.#traffic) {
        // It ended while the link was being taken; nobody else will give it back.
        await this.#context.lease.release(admission.link, 'never used');
      }
    } catch (error) {
      this.#context.logger.error(
        'A session could not be opened',
        toError(error),
      );
      this.#end('unavailable', 'The Manager can not open sessions at present');
    }
  }

  #startTraffic(link: OpenLink): void {
    this.#traffic = new LinkTraffic({
      link,
      context: this.#context,
      outbound: this.#outbound,
      pumpSignal: AbortSignal.any([this.#pumping.signal, this.#work.signal]),
      signal: this.#work.signal,
      keyKept: () =>
        this.drain({ spreadMs: 0, reason: 'The operator has a new key' }),
      fenced: () =>
        this.#end(
          'fenced',
          'This session is not the newest any more, or the end of its last commit is not known: dial again',
        ),
    });
    this.#context.lease.hold(link, this);
  }

  #beat(): void {
    if (this.#outbound.waiting < MAX_WAITING_FOR_HEARTBEAT) {
      this.#outbound.push({
        case: 'heartbeat',
        value: { sentAt: timestampNow() },
      });
    }
    this.#after(this.#context.periods.heartbeat, () => this.#beat());
  }

  #listen(): void {
    const left = this.#context.periods.silence - this.silentMs();
    if (left <= 0) {
      this.#end('silent', 'Nothing was heard of the operator for too long');
    } else {
      this.#after(left, () => this.#listen());
    }
  }

  async #closedByOperator(): Promise<void> {
    await (this.#state.name === 'draining'
      ? this.#closeInOrder('drained', this.#state.order.reason)
      : this.#closeInOrder('disconnected', 'The operator closed the stream'));
  }

  /** What was received is acknowledged first. */
  async #closeInOrder(
    reason: 'bye' | 'drained' | 'disconnected',
    message: string,
  ): Promise<void> {
    await this.#traffic?.acknowledged();
    this.#end(reason, message);
  }

  async #finish(before: SessionState, end: SessionEnd): Promise<void> {
    this.#work.abort();
    this.#outbound.close(this.#stream.errorOf(end));
    if (!this.#readOver) {
      this.#after(this.#context.periods.drain, () => this.#stream.destroy());
    }
    await this.#opening;
    if (before.name === 'open' || before.name === 'draining') {
      await this.#traffic?.stopped();
      await this.#context.lease.release(before.link, end.message);
      if (isFault(end)) {
        const { clusterId } = before.link;
        await this.#context.errors.record({ clusterId, ...end });
      }
    }
    this.#resolveEnded(end);
  }

  /** A timer of the present state. */
  #after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  #clearTimers(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
  }
}

function unreachable(state: never): never {
  throw new Error(`Unknown state ${JSON.stringify(state)}`);
}
