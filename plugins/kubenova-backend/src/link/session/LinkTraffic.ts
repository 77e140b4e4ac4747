import { ConnectRequest } from '@kubenova/proto';
import { JournalFill } from '../lease/operations/renewSessions';
import { BehindWatch } from './BehindWatch';
import { DesiredStatePump } from './DesiredStatePump';
import { IngestLane } from './IngestLane';
import { Outbound } from './Outbound';
import { ProtocolError } from './ProtocolError';
import { readJournalLevel } from './journalLevel';
import { OpenLink } from './SessionState';
import { SessionContext } from './types';

/** What goes over an open link: desired state down, events up. Ends with the signal that it was made with. */
export class LinkTraffic {
  readonly #pump: DesiredStatePump;
  readonly #lane: IngestLane;
  readonly #pumping: Promise<void>;
  #journalFill: JournalFill | undefined;

  constructor(options: {
    link: OpenLink;
    context: SessionContext;
    outbound: Outbound;
    /** Ends the pump; a session that drains sends no desired state any more. */
    pumpSignal: AbortSignal;
    /** Ends everything. */
    signal: AbortSignal;
    fenced(): void;
  }) {
    const { link, context, outbound, fenced } = options;
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
      logger: context.logger,
    });
    this.#lane = new IngestLane({
      link,
      ingest: context.ingest,
      logger: context.logger,
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
      case 'heldState':
        this.#pump.heldState(frame.value);
        break;
      case 'heartbeat': // That it was heard is written by the session.
        this.#journalFill = readJournalLevel(frame.value) ?? this.#journalFill;
        break;
      case 'callChunk':
        throw new ProtocolError(
          `No Call with the id '${frame.value.id}' was made in this session`,
        );
      default:
        throw new ProtocolError(
          `A ${frame.case} frame is not expected in an open session`,
        );
    }
  }

  get journalFill(): JournalFill | undefined {
    return this.#journalFill;
  }

  nudge(): void {
    this.#pump.nudge();
  }

  /** Returns when what was received is acknowledged, or the signal fired. */
  async acknowledged(): Promise<void> {
    await this.#lane.settled();
  }

  /** Returns when nothing runs any more; the signals have to have fired. */
  async stopped(): Promise<void> {
    await Promise.all([this.#pumping, this.#lane.settled()]);
  }
}
