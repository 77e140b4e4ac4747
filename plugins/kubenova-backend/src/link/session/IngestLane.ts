import { MessageInitShape } from '@bufbuild/protobuf';
import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError, toError } from '@backstage/errors';
import { Event, EventAckSchema } from '@kubenova/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LinkErrors } from '../errors/LinkErrors';
import { Ingest } from '../ingest/types';
import { EventCredit } from './EventCredit';
import { ProtocolError } from './ProtocolError';
import { OpenLink } from './SessionState';

/** As many events of one session go into one transaction as were waiting, up to this. */
const MAX_COMMIT_EVENTS = 512;
/** The pause between tries doubles up to this many times the first one. */
const MAX_RETRY_FACTOR = 30;

export interface IngestLaneOptions {
  link: OpenLink;
  ingest: Ingest;
  errors: LinkErrors;
  logger: LoggerService;
  /** Pause before a batch that was not committed is tried again; it doubles with each failure. */
  retryMs: number;
  /** Ends retries; what is being committed then ends by itself. */
  signal: AbortSignal;
  /** Everything up to a sequence is committed. */
  acknowledge(ack: MessageInitShape<typeof EventAckSchema>): void;
  /** The states of these events are to be told again; of none: everything is. */
  requestSnapshot(keys: string[]): void;
  /** The session must not write any more. */
  fenced(): void;
}

interface WaitingEvent {
  event: Event;
  bytes: number;
}

/**
 * The events of one session, from receipt to acknowledgement.
 *
 * 1. Sequences follow one another; a gap is a protocol error (E1). What was received before is not committed again; if it
 *    is acknowledged already, the acknowledgement is repeated.
 * 2. One commit at a time, in order. What arrives meanwhile waits, bounded by the credit, and goes into the next one together.
 * 3. Commit, then acknowledge (E6). A commit that fails is tried again with the same events.
 * 4. A state that was set aside is asked for once a session (E9): one that is set aside again would be asked for without end.
 */
export class IngestLane {
  readonly #options: IngestLaneOptions;
  readonly #credit: EventCredit;
  readonly #waiting: WaitingEvent[] = [];
  readonly #requestedKeys = new Set<string>();
  #ackedSeq: bigint;
  #receivedSeq: bigint;
  #failures = 0;
  #committing: Promise<void> | undefined;

  constructor(options: IngestLaneOptions) {
    this.#options = options;
    this.#credit = new EventCredit(options.link.ackedSeq);
    this.#ackedSeq = options.link.ackedSeq;
    this.#receivedSeq = options.link.ackedSeq;
  }

  /** Everything up to it is committed. */
  get ackedSeq(): bigint {
    return this.#ackedSeq;
  }

  /** @throws ProtocolError where a sequence is missing, or the credit is exceeded. */
  push(events: readonly Event[]): void {
    const sizes = this.#credit.spend(events);
    const received = this.#receivedSeq;
    events.forEach((event, index) => this.#receive(event, sizes[index]));
    if (this.#receivedSeq === received && received === this.#ackedSeq) {
      this.#acknowledge(0);
    }
    if (this.#waiting.length > 0 && !this.#committing) {
      this.#committing = this.#commitWaiting();
    }
  }

  /** Returns when everything that was received is acknowledged, or the signal fired. */
  async settled(): Promise<void> {
    await this.#committing;
  }

  #receive(event: Event, bytes: number): void {
    if (event.seq > this.#receivedSeq + 1n) {
      throw new ProtocolError(
        `Event ${event.seq} came after ${
          this.#receivedSeq
        }: sequences must not have a gap`,
      );
    }
    if (event.seq === this.#receivedSeq + 1n) {
      this.#receivedSeq = event.seq;
      this.#credit.hold(bytes);
      this.#waiting.push({ event, bytes });
    }
  }

  async #commitWaiting(): Promise<void> {
    do {
      const events = this.#waiting.slice(0, MAX_COMMIT_EVENTS);
      if (await this.#commit(events.map(({ event }) => event))) {
        this.#waiting.splice(0, events.length);
        this.#acknowledge(events.reduce((sum, { bytes }) => sum + bytes, 0));
      }
    } while (this.#waiting.length > 0 && !this.#options.signal.aborted);
    this.#committing = undefined; // in the same turn as the last look at what waits: nothing is left behind
  }

  async #commit(events: readonly Event[]): Promise<boolean> {
    const { link, ingest, logger } = this.#options;
    try {
      const result = await ingest.commit({
        cluster: { id: link.clusterId, name: link.clusterName },
        epoch: link.epoch,
        incarnation: link.incarnation,
        ackedSeq: this.#ackedSeq,
        events,
      });
      if (result.outcome === 'fenced') {
        this.#waiting.length = 0;
        this.#options.fenced();
        return false;
      }
      this.#failures = 0;
      this.#ackedSeq = result.ackedSeq;
      this.#request(result.snapshot);
      return true;
    } catch (error) {
      logger.error('Events are not committed and will be tried again', {
        seq: events[0].seq.toString(),
        error: stringifyError(error),
      });
      await this.#remember(error);
      await this.#pause();
      return false;
    }
  }

  /** For people: a database that is away can't be told. */
  async #remember(error: unknown): Promise<void> {
    const { clusterId } = this.#options.link;
    const { message } = toError(error);
    await this.#options.errors.record({
      clusterId,
      reason: 'ingest_failed',
      message: `Events are not committed and will be tried again: ${message}`,
    });
  }

  #acknowledge(bytes: number): void {
    this.#credit.giveBack(this.#ackedSeq, bytes);
    this.#options.acknowledge({
      ackedSeq: this.#ackedSeq,
      credit: this.#credit.present,
    });
  }

  #request(snapshot: { keys: string[] } | undefined): void {
    const keys = snapshot?.keys.filter(key => !this.#requestedKeys.has(key));
    keys?.forEach(key => this.#requestedKeys.add(key));
    if (snapshot?.keys.length === 0 || keys?.length) {
      this.#options.requestSnapshot(keys ?? []);
    }
  }

  async #pause(): Promise<void> {
    const factor = Math.min(2 ** this.#failures, MAX_RETRY_FACTOR);
    this.#failures += 1;
    await sleep(this.#options.retryMs * factor, undefined, {
      signal: this.#options.signal,
    }).catch(() => {}); // the loop sees the signal
  }
}
