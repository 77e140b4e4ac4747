/**
 * Sends the journal's events in one session.
 *
 * 1. What was sent in an earlier session and is not acknowledged goes again first, with the same sequences: `nextBatch` starts
 *    after the Manager's acknowledged sequence.
 * 2. A batch fits one HTTP/2 DATA frame, and events that come within 20 ms of each other share one.
 * 3. Nothing above the credit is sent: no higher sequence, and no more bytes of events in this session, those that go again included
 *    (S5). The next batch is made when the network has taken the last one.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { EventSchema, type Credit, type Event } from '@kubenova/proto';
import { sleep, type Clock } from './clock.ts';
import type { FrameQueue } from './FrameQueue.ts';
import type { JournalEvents } from './journal/JournalEvents.ts';
import type { SequencedEvent } from './journal/takeBatch.ts';

const MAX_BATCH_EVENTS = 16;
const MAX_BATCH_BYTES = 14 * 1024;
const GATHER_MS = 20;

export class EventSender {
  readonly #events: JournalEvents;
  readonly #queue: FrameQueue;
  readonly #clock: Clock;
  readonly #lifecycle: boolean;
  #credit = {
    upToSeq: 0,
    maxBatchBytes: MAX_BATCH_BYTES,
    upToBytes: Infinity,
  };
  #sentSeq: number;
  #sentBytes = 0;
  #nudged = false;
  #wake: () => void = () => {};

  constructor(options: {
    events: JournalEvents;
    queue: FrameQueue;
    clock: Clock;
    credit: Credit | undefined;
    /** Whether this Manager takes lifecycle records. */
    lifecycle: boolean;
  }) {
    this.#events = options.events;
    this.#queue = options.queue;
    this.#clock = options.clock;
    this.#lifecycle = options.lifecycle;
    this.#sentSeq = options.events.ackedSeq;
    this.allow(options.credit);
  }

  /** Everything that was sent in this session is acknowledged. */
  get settled(): boolean {
    return this.#events.ackedSeq >= this.#sentSeq;
  }

  /** Takes a credit; one that is left out changes nothing. */
  allow(credit: Credit | undefined): void {
    if (credit) {
      this.#credit = {
        upToSeq: Number(credit.upToSeq),
        maxBatchBytes: Number(credit.maxBatchBytes),
        // A Manager that counts no bytes says 0.
        upToBytes: Number(credit.upToBytes) || Infinity,
      };
      this.#nudge();
    }
  }

  /** Sends until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    const nudge = () => this.#nudge();
    const unsubscribe = this.#events.onChange(nudge);
    signal.addEventListener('abort', nudge);
    try {
      while (!signal.aborted) {
        const sent = await this.#sendBatch();
        if (!sent) {
          await this.#nextNudge();
          await sleep(this.#clock, GATHER_MS, signal);
        }
      }
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', nudge);
    }
  }

  async #sendBatch(): Promise<boolean> {
    const batch = this.#events.nextBatch({
      after: this.#sentSeq,
      upTo: this.#credit.upToSeq,
      maxEvents: MAX_BATCH_EVENTS,
      maxBytes: Math.min(MAX_BATCH_BYTES, this.#credit.maxBatchBytes),
      leftBytes: this.#credit.upToBytes - this.#sentBytes,
      lifecycle: this.#lifecycle,
    });
    if (!batch.length) {
      return false;
    }
    this.#sentSeq = batch.at(-1)!.seq;
    this.#sentBytes += batch.reduce((sum, { bytes }) => sum + bytes, 0);
    await this.#queue.send({
      case: 'eventBatch',
      value: { events: batch.map(toEvent) },
    });
    return true;
  }

  #nudge(): void {
    this.#nudged = true;
    this.#wake();
  }

  async #nextNudge(): Promise<void> {
    if (!this.#nudged) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    this.#nudged = false;
  }
}

function toEvent({ seq, body }: SequencedEvent): Event {
  const event = fromBinary(EventSchema, body);
  event.seq = BigInt(seq);
  return event;
}
