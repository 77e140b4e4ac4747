import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { Event } from '@kubenova/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ingest } from '../ingest/types';
import { ChangeNotifier } from '../types';
import { ProtocolError } from './ProtocolError';
import { OpenLink } from './SessionState';

/** How many events may be sent beyond the acknowledged ones (S5). */
export const CREDIT_EVENTS = 2_048n;
/** How large one EventBatch may be, in bytes (S5). */
export const CREDIT_BATCH_BYTES = 1024 * 1024;
/** As many events go into one transaction as were waiting, up to this. */
const MAX_COMMIT_EVENTS = 512;

export interface IngestLaneOptions {
  link: OpenLink;
  ingest: Ingest;
  changes: ChangeNotifier;
  logger: LoggerService;
  /** Pause before a batch that was not committed is tried again. */
  retryMs: number;
  /** Ends retries; what is being committed then ends by itself. */
  signal: AbortSignal;
  /** Everything up to this sequence is committed. */
  acknowledge(ackedSeq: bigint): void;
  /** The session must not write any more. */
  fenced(): void;
}

/**
 * The events of one session, from receipt to acknowledgement.
 *
 * 1. Sequences follow one another; a gap is a protocol error (E1). What was received before is not committed again; if it
 *    is acknowledged already, the acknowledgement is repeated.
 * 2. One commit at a time, in order. What arrives meanwhile waits, bounded by the credit, and goes into the next one together.
 * 3. Commit, then acknowledge, then nudge (E6). A commit that fails is tried again with the same events.
 */
export class IngestLane {
  readonly #options: IngestLaneOptions;
  readonly #waiting: Event[] = [];
  #ackedSeq: bigint;
  #receivedSeq: bigint;
  #committing: Promise<void> | undefined;

  constructor(options: IngestLaneOptions) {
    this.#options = options;
    this.#ackedSeq = options.link.ackedSeq;
    this.#receivedSeq = options.link.ackedSeq;
  }

  /** @throws ProtocolError where a sequence is missing or beyond the credit. */
  push(events: readonly Event[]): void {
    let fresh = false;
    for (const event of events) {
      if (event.seq > this.#receivedSeq + 1n) {
        throw new ProtocolError(
          `Event ${event.seq} came after ${
            this.#receivedSeq
          }: sequences must not have a gap`,
        );
      }
      if (event.seq > this.#ackedSeq + CREDIT_EVENTS) {
        throw new ProtocolError(
          `Event ${
            event.seq
          } is beyond the credit of ${CREDIT_EVENTS} events after ${
            this.#ackedSeq
          }`,
        );
      }
      if (event.seq === this.#receivedSeq + 1n) {
        this.#receivedSeq = event.seq;
        this.#waiting.push(event);
        fresh = true;
      }
    }
    if (!fresh && this.#receivedSeq === this.#ackedSeq) {
      this.#options.acknowledge(this.#ackedSeq);
    }
    if (this.#waiting.length > 0 && !this.#committing) {
      this.#committing = this.#commitWaiting();
    }
  }

  /** Returns when everything that was received is acknowledged, or the signal fired. */
  async settled(): Promise<void> {
    await this.#committing;
  }

  async #commitWaiting(): Promise<void> {
    do {
      const events = this.#waiting.slice(0, MAX_COMMIT_EVENTS);
      if (await this.#commit(events)) {
        this.#waiting.splice(0, events.length);
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
      this.#ackedSeq = result.ackedSeq;
      this.#options.acknowledge(result.ackedSeq);
      this.#options.changes.changed(result.changed);
      return true;
    } catch (error) {
      logger.error(
        `Events ${events[0].seq} and following of ${link.clusterName} are not committed and will be tried again`,
        toError(error),
      );
      await sleep(this.#options.retryMs, undefined, {
        signal: this.#options.signal,
      }).catch(() => {}); // the loop sees the signal
      return false;
    }
  }
}
