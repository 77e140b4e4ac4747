import { ConnectRequest } from '@kubenova/proto';
import { SessionCalls } from '../calls/SessionCalls';
import { JournalFill } from '../lease/operations/renewSessions';
import { BehindWatch } from './BehindWatch';
import { DesiredStatePump } from './DesiredStatePump';
import { IngestLane } from './IngestLane';
import { Outbound } from './Outbound';
import { readJournalLevel } from './journalLevel';
import { ProtocolError } from './ProtocolError';
import { KeyRotation } from './KeyRotation';
import { OpenLink } from './SessionState';
import { SessionContext } from './types';

/** What goes over an open link: desired state down, events up, calls both ways. Ends with the signal that it was made with. */
export class LinkTraffic {
  readonly #pump: DesiredStatePump;
  readonly #lane: IngestLane;
  readonly #calls: SessionCalls;
  readonly #rotation: KeyRotation;
  readonly #pumping: Promise<void>;
  #journalFill: JournalFill | undefined;

  constructor(options: {
    link: OpenLink;
    context: SessionContext;
    outbound: Outbound;
    /** Ends the pump; a session that drains sends neither desired state nor calls any more. */
    pumpSignal: AbortSignal;
    /** Ends everything. */
    signal: AbortSignal;
    fenced(): void;
    /** The operator has a new key, and is to dial with it. */
    keyKept(): void;
  }) {
    const { link, context, outbound, fenced } = options;
    const logger = context.logger.child({
      cluster: link.clusterName,
      epoch: String(link.epoch),
    });
    this.#pump = new DesiredStatePump({
      states: context.unsentStates(link),
      behind: new BehindWatch({
        link,
        states: context.behindStates(link),
        changes: context.changes,
        send: frame => outbound.push(frame),
        createUuid: context.clock.createUuid,
      }),
      send: value => outbound.push({ case: 'applyYaml', value }),
      fenced,
      logger,
    });
    this.#lane = new IngestLane({
      link,
      ingest: context.ingest,
      errors: context.errors,
      logger,
      retryMs: context.periods.ingestRetry,
      signal: options.signal,
      acknowledge: value => outbound.push({ case: 'eventAck', value }),
      requestSnapshot: keys =>
        outbound.push({
          case: 'snapshotRequest',
          value: { id: context.clock.createUuid(), keys },
        }),
      fenced,
    });
    this.#calls = new SessionCalls({
      link,
      states: context.callStates(link),
      send: frame => outbound.push(frame),
      logger,
      retryMs: context.periods.ingestRetry,
      claimSignal: options.pumpSignal,
      signal: options.signal,
    });
    this.#calls.nudge(); // what waited for a session to open
    this.#rotation = new KeyRotation({
      link,
      installationId: context.installationId,
      keep: key => context.keepNextKey(link, key),
      send: frame => outbound.push(frame),
      kept: options.keyKept,
      logger,
    });
    this.#pumping = this.#pump.run(options.pumpSignal);
  }

  /** @throws ProtocolError where the frame is not allowed on an open link. */
  receive(frame: ConnectRequest['frame']): void {
    switch (frame.case) {
      case 'accepted':
        this.#pump.accepted(frame.value);
        break;
      case 'eventBatch':
        this.#lane.push(frame.value.events);
        break;
      case 'digest':
        this.#pump.digest(frame.value);
        break;
      case 'newKey':
        this.#rotation.receive(frame.value);
        break;
      case 'heldState':
        this.#pump.heldState(frame.value);
        break;
      case 'heartbeat': // That it was heard is written by the session.
        this.#journalFill = readJournalLevel(frame.value) ?? this.#journalFill;
        break;
      case 'callChunk':
        this.#calls.receive(frame.value);
        break;
      default:
        throw new ProtocolError(
          `A ${frame.case} frame is not expected in an open session`,
        );
    }
  }

  get journalFill(): JournalFill | undefined {
    return this.#journalFill;
  }

  get ackedSeq(): bigint {
    return this.#lane.ackedSeq;
  }

  rotateKey(rotationId: string): void {
    this.#rotation.ask(rotationId);
  }

  nudge(): void {
    this.#pump.nudge();
  }

  nudgeCalls(): void {
    this.#calls.nudge();
  }

  /** Returns when what was received is acknowledged or stored, or the signal fired. */
  async acknowledged(): Promise<void> {
    await Promise.all([this.#lane.settled(), this.#calls.settled()]);
  }

  /** Returns when nothing runs any more; the signals have to have fired. */
  async stopped(): Promise<void> {
    await Promise.all([
      this.#pumping,
      this.#lane.settled(),
      this.#calls.stopped(),
    ]);
  }
}
