/**
 * One open session: from Welcome to its end.
 *
 *   open ──Drain, or the operator stops──▶ settling ──all acknowledged, or 3 s──▶ leaving ──the Manager ends, or 3 s──▶ over
 *
 * open      events, heartbeats and digests go up; desired states, calls and snapshot requests come down.
 * settling  no new events; what is in flight may still be acknowledged, and desired states are still stored.
 * leaving   Bye is sent and our half is closed; the Manager closes its half.
 *
 * 1. Only a session whose epoch is above all earlier ones is obeyed (D8); the check is before the first frame is read.
 * 2. Silence of three heartbeat intervals ends the session, in every state (S2).
 * 3. Every timer and listener of a session ends with it.
 */
import { Code, ConnectError } from '@connectrpc/connect';
import type { Call, ConnectResponse, EventAck, Welcome } from '@kubenova/proto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Logger } from '../log/logger.ts';
import type { Calls } from './Calls.ts';
import { every, type Clock } from './clock.ts';
import { DesiredStateReceiver } from './DesiredStateReceiver.ts';
import { EventSender } from './EventSender.ts';
import type { FrameQueue } from './FrameQueue.ts';
import type { Journal } from './journal/Journal.ts';
import { SessionEnd, type AttemptOutcome } from './outcome.ts';
import type { SnapshotRunner } from './SnapshotRunner.ts';
import type { Guard } from './types.ts';

const DEFAULT_HEARTBEAT_MS = 5_000;
const SHORTEST_HEARTBEAT_MS = 100;
const SILENT_INTERVALS = 3;
const DIGEST_INTERVAL_MS = 10 * 60_000;
const GRACE_MS = 3_000;

export type SessionDependencies = {
  journal: Journal;
  guard: Guard;
  calls: Calls;
  snapshots: SnapshotRunner;
  clock: Clock;
  logger: Logger;
  /** How long each step of an orderly end may take, in milliseconds. */
  graceMs?: number;
};

type State =
  | { name: 'open' }
  | { name: 'settling' | 'leaving'; outcome: AttemptOutcome };

export class Session {
  readonly #deps: SessionDependencies;
  readonly #queue: FrameQueue;
  /** Ends the stream at once, with the outcome. */
  readonly #abort: (outcome: AttemptOutcome) => void;
  readonly #heartbeatMs: number;
  readonly #graceMs: number;
  readonly #openedAtMs: number;
  readonly #sender: EventSender;
  readonly #receiver: DesiredStateReceiver;
  /** Fires when the session leaves the state open: nothing is begun any more. */
  readonly #closing = new AbortController();
  #state: State = { name: 'open' };
  #cancelSilence: () => void = () => {};
  #cancelGrace: () => void = () => {};

  constructor(options: {
    deps: SessionDependencies;
    queue: FrameQueue;
    welcome: Welcome;
    abort: (outcome: AttemptOutcome) => void;
  }) {
    const { deps, queue, welcome } = options;
    const { journal, guard, clock, logger } = deps;
    const { events, desiredStates } = journal;
    this.#deps = deps;
    this.#queue = queue;
    this.#abort = options.abort;
    this.#graceMs = deps.graceMs ?? GRACE_MS;
    this.#openedAtMs = clock.monotonicMs();
    this.#heartbeatMs = Math.max(
      welcome.heartbeatIntervalMs || DEFAULT_HEARTBEAT_MS,
      SHORTEST_HEARTBEAT_MS,
    );
    const { credit } = welcome;
    this.#sender = new EventSender({ events, queue, clock, credit });
    this.#receiver = new DesiredStateReceiver({
      desiredStates,
      events,
      guard,
      queue,
      clock,
      logger,
    });
  }

  /** Resolves when the stream is over. @throws what broke it. */
  async run(
    responses: AsyncIterator<ConnectResponse>,
  ): Promise<AttemptOutcome> {
    const { clock } = this.#deps;
    const cancels = [
      every(clock, this.#heartbeatMs, () =>
        this.#orFail(() => this.#sendHeartbeat()),
      ),
      every(clock, DIGEST_INTERVAL_MS, () =>
        this.#orFail(() => this.#sendDigest()),
      ),
    ];
    this.#listenAgain();
    this.#sendDigest();
    const sending = this.#orFail(() => this.#sender.run(this.#closing.signal));
    try {
      for (;;) {
        const next = await responses.next();
        if (next.done) {
          return this.#state.name === 'open'
            ? this.#served('The Manager ended the session.')
            : this.#state.outcome;
        }
        this.#listenAgain();
        this.#receive(next.value.frame);
      }
    } finally {
      cancels.forEach(cancel => cancel());
      this.#cancelSilence();
      this.#cancelGrace();
      this.#closing.abort();
      this.#queue.abandon();
      await sending;
    }
  }

  /** Ends the session in good order, as far as the Manager answers. */
  close(outcome: AttemptOutcome): void {
    if (this.#state.name !== 'open') {
      return;
    }
    this.#state = { name: 'settling', outcome };
    this.#closing.abort();
    if (this.#sender.settled) {
      this.#leave(outcome);
    } else {
      this.#cancelGrace = this.#deps.clock.after(this.#graceMs, () =>
        this.#leave(outcome),
      );
    }
  }

  #leave(outcome: AttemptOutcome): void {
    this.#cancelGrace();
    this.#state = { name: 'leaving', outcome };
    this.#queue.push({
      case: 'bye',
      value: {
        reason: 'reason' in outcome ? outcome.reason : 'The operator stops.',
      },
    });
    this.#queue.end();
    this.#cancelGrace = this.#deps.clock.after(this.#graceMs, () =>
      this.#abort(outcome),
    );
  }

  #receive(frame: ConnectResponse['frame']): void {
    switch (frame.case) {
      case 'applyYaml':
        this.#receiver.receive(frame.value);
        break;
      case 'eventAck':
        this.#acknowledged(frame.value);
        break;
      case 'call':
        void this.#answer(frame.value);
        break;
      case 'snapshotRequest':
        void this.#deps.snapshots.run(frame.value.id);
        break;
      case 'heartbeat':
        break;
      case 'drain':
        this.close({
          kind: 'drained',
          reason: 'The Manager asked to dial again.',
          spreadMs: frame.value.spreadMs,
        });
        break;
      case 'rotateKey': // Nothing of these is announced as a capability yet.
      case 'heldRequest':
      case 'callCredit':
      case 'callCancel':
      case 'challenge':
      case 'welcome':
      case undefined:
        throw new ConnectError(
          `The Manager sent ${
            frame.case ?? 'an unknown frame'
          } in an open session.`,
          Code.InvalidArgument,
        );
      default:
        throw new Error(`unhandled frame ${frame satisfies never}`);
    }
  }

  #answer(call: Call): Promise<void> {
    return this.#orFail(() =>
      this.#deps.calls.answer(call, this.#queue, this.#closing.signal),
    );
  }

  #acknowledged(ack: EventAck): void {
    this.#deps.journal.events.acknowledge(Number(ack.ackedSeq));
    this.#sender.allow(ack.credit);
    if (this.#state.name === 'settling' && this.#sender.settled) {
      this.#leave(this.#state.outcome);
    }
  }

  #sendHeartbeat(): void {
    // A queue with something in it is a sign of life already, once the network takes it.
    if (!this.#queue.length) {
      const sentAt = timestampFromMs(this.#deps.clock.now().toMillis());
      this.#queue.push({ case: 'heartbeat', value: { sentAt } });
    }
  }

  #sendDigest(): void {
    const { journal } = this.#deps;
    journal.prune();
    this.#queue.push({
      case: 'digest',
      value: {
        upToNumber: this.#receiver.lastNumber,
        entries: journal.desiredStates.digest().map(line => ({
          ...line,
          generation: BigInt(line.generation),
        })),
      },
    });
  }

  #listenAgain(): void {
    this.#cancelSilence();
    const silenceMs = this.#heartbeatMs * SILENT_INTERVALS;
    this.#cancelSilence = this.#deps.clock.after(silenceMs, () =>
      this.#abort(
        this.#state.name === 'open'
          ? this.#served(`The Manager was silent for ${silenceMs} ms.`)
          : this.#state.outcome,
      ),
    );
  }

  /** For what runs beside the reading of frames: its failure ends the session, as a failure there does. */
  async #orFail(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#abort(this.outcomeOf(error));
    }
  }

  #served(reason: string): AttemptOutcome {
    const uptimeMs = this.#deps.clock.monotonicMs() - this.#openedAtMs;
    return { kind: 'served', reason, uptimeMs };
  }

  /** What an error of the stream means once the session was open. */
  outcomeOf(error: unknown): AttemptOutcome {
    if (error instanceof SessionEnd) {
      return error.outcome;
    }
    return this.#state.name === 'open'
      ? this.#served(error instanceof Error ? error.message : String(error))
      : this.#state.outcome;
  }
}
