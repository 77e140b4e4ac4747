/**
 * What is said in an open session: a frame of the Manager goes to whom it concerns, and the operator's own are put together.
 *
 * It knows no state and no timer: whether the session is open, and when something is due, is the session's business.
 */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import type {
  ConnectResponse,
  EventAck,
  RotateKey,
  Welcome,
} from '@kubenova/proto';
import type { Logger } from '../log/logger.ts';
import type { Calls } from './Calls.ts';
import type { Clock } from './clock.ts';
import { DesiredStateReceiver } from './DesiredStateReceiver.ts';
import { EventSender } from './EventSender.ts';
import type { FrameQueue } from './FrameQueue.ts';
import type { Identity } from './handshake.ts';
import type { Journal } from './journal/Journal.ts';
import { toHeldState } from './mappers/toHeldState.ts';
import { toJournalLevel } from './mappers/toJournalLevel.ts';
import { prepareNewKey } from './newKey.ts';
import { readNumber } from './readNumber.ts';
import type { OperatorKeys } from './OperatorKeys.ts';
import type { SnapshotRunner } from './SnapshotRunner.ts';
import type { Guard } from './types.ts';

export type TrafficDependencies = {
  journal: Journal;
  guard: Guard;
  calls: Calls;
  snapshots: SnapshotRunner;
  keys: OperatorKeys;
  identity: Identity;
  clock: Clock;
  logger: Logger;
};

/** What a frame means for the session itself. */
export type FrameEffect =
  | { kind: 'none' }
  | { kind: 'drain'; spreadMs: number }
  /** Goes on beside the reading of frames; its failure ends the session. */
  | { kind: 'work'; work: Promise<void> };

const NONE: FrameEffect = { kind: 'none' };

export class SessionTraffic {
  readonly #deps: TrafficDependencies;
  readonly #queue: FrameQueue;
  readonly #sender: EventSender;
  readonly #receiver: DesiredStateReceiver;

  constructor(options: {
    deps: TrafficDependencies;
    queue: FrameQueue;
    welcome: Welcome;
  }) {
    const { deps, queue, welcome } = options;
    const { events, desiredStates } = deps.journal;
    this.#deps = deps;
    this.#queue = queue;
    this.#sender = new EventSender({
      ...deps,
      events,
      queue,
      credit: welcome.credit,
      lifecycle: welcome.capabilities.includes('lifecycle-records'),
    });
    this.#receiver = new DesiredStateReceiver({
      ...deps,
      desiredStates,
      events,
      queue,
    });
  }

  /** Everything that was sent in this session is acknowledged. */
  get settled(): boolean {
    return this.#sender.settled;
  }

  /** Sends events until the signal fires. */
  sendEvents(signal: AbortSignal): Promise<void> {
    return this.#sender.run(signal);
  }

  /**
   * Takes one frame. The signal fires when nothing is to be begun any more.
   *
   * @throws ConnectError where the Manager breaks the protocol.
   */
  receive(frame: ConnectResponse['frame'], signal: AbortSignal): FrameEffect {
    const { calls, snapshots } = this.#deps;
    switch (frame.case) {
      case 'applyYaml':
        this.#receiver.receive(frame.value);
        return NONE;
      case 'eventAck':
        this.#acknowledged(frame.value);
        return NONE;
      case 'call':
        return {
          kind: 'work',
          work: calls.answer(frame.value, this.#queue, signal),
        };
      case 'callCredit':
        calls.credit(frame.value);
        return NONE;
      case 'callCancel':
        calls.cancel(frame.value);
        return NONE;
      case 'snapshotRequest':
        return { kind: 'work', work: snapshots.run(frame.value) };
      case 'heartbeat':
        return NONE;
      case 'drain':
        return { kind: 'drain', spreadMs: frame.value.spreadMs };
      case 'heldRequest':
        return { kind: 'work', work: this.#tellHeld(frame.value.keys) };
      case 'rotateKey':
        return { kind: 'work', work: this.#tellNewKey(frame.value) };
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

  sendHeartbeat(): void {
    // A queue with something in it is a sign of life already, once the network takes it.
    if (!this.#queue.length) {
      const { clock, journal } = this.#deps;
      this.#queue.push({
        case: 'heartbeat',
        value: {
          sentAt: timestampFromMs(clock.now().toMillis()),
          journal: toJournalLevel(journal.space.level()),
        },
      });
    }
  }

  sendDigest(): void {
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

  async #tellNewKey(request: RotateKey): Promise<void> {
    const value = await prepareNewKey(request, this.#deps);
    await this.#queue.send({ case: 'newKey', value });
  }

  /** One frame a key (D9). The next one is made when the network has taken the last: together they may be big. */
  async #tellHeld(keys: readonly string[]): Promise<void> {
    const { desiredStates } = this.#deps.journal;
    for (const key of keys) {
      await this.#queue.send({
        case: 'heldState',
        value: toHeldState(key, desiredStates.accepted(key)),
      });
    }
  }

  #acknowledged(ack: EventAck): void {
    this.#deps.journal.events.acknowledge(
      readNumber(ack.ackedSeq, 'acknowledged sequence'),
    );
    this.#sender.allow(ack.credit);
  }
}
