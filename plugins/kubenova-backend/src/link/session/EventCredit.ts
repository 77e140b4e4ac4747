import { MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { CreditSchema, Event, EventSchema } from '@kubenova/proto';
import { ProtocolError } from './ProtocolError';

/** How many events may be sent beyond the acknowledged ones. */
export const CREDIT_EVENTS = 2_048n;
/** How many bytes of events may be sent beyond the acknowledged ones: what one session may hold of this replica's memory. */
export const CREDIT_BYTES = 4 * 1024 * 1024;
/** How large one EventBatch may be, in bytes. */
export const CREDIT_BATCH_BYTES = 1024 * 1024;
/** How large one event may be, in bytes. */
export const MAX_EVENT_BYTES = 64 * 1024;

/**
 * What an operator may send in one session (S5).
 *
 * 1. The values are absolute: the highest sequence, and the bytes of all events of the session together. So a credit that is lost, late
 *    or doubled does no harm.
 * 2. An event counts with the size of its encoded message, also when it is sent again.
 * 3. A credit never falls: bytes are given back when events are acknowledged, and those of repeated events at once.
 */
export class EventCredit {
  #sentBytes = 0;
  #heldBytes = 0;
  #upToSeq: bigint;
  #upToBytes = CREDIT_BYTES;

  constructor(ackedSeq: bigint) {
    this.#upToSeq = ackedSeq + CREDIT_EVENTS;
  }

  get present(): MessageInitShape<typeof CreditSchema> {
    return {
      upToSeq: this.#upToSeq,
      maxBatchBytes: BigInt(CREDIT_BATCH_BYTES),
      upToBytes: BigInt(this.#upToBytes),
    };
  }

  /**
   * Counts the events of one batch as sent.
   *
   * @returns the size of each, in bytes.
   * @throws ProtocolError where one is too large, the batch is, or they are beyond the credit.
   */
  spend(events: readonly Event[]): number[] {
    const sizes = events.map(event => toBinary(EventSchema, event).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    this.#sentBytes += total;
    const tooLarge = sizes.findIndex(size => size > MAX_EVENT_BYTES);
    if (tooLarge >= 0) {
      throw new ProtocolError(
        `Event ${events[tooLarge].seq} has ${sizes[tooLarge]} bytes: the operator has to cut what is over ${MAX_EVENT_BYTES}`,
      );
    }
    if (total > CREDIT_BATCH_BYTES) {
      throw new ProtocolError(
        `An EventBatch of ${total} bytes is larger than the ${CREDIT_BATCH_BYTES} that it may have`,
      );
    }
    if (this.#sentBytes > this.#upToBytes) {
      throw new ProtocolError(
        `${this.#sentBytes} bytes of events were sent in this session, and ${
          this.#upToBytes
        } are its credit`,
      );
    }
    const beyond = events.find(event => event.seq > this.#upToSeq);
    if (beyond) {
      throw new ProtocolError(
        `Event ${beyond.seq} is beyond the credit, which goes up to ${
          this.#upToSeq
        }`,
      );
    }
    return sizes;
  }

  /** An event was taken, and is held until it is acknowledged. */
  hold(bytes: number): void {
    this.#heldBytes += bytes;
  }

  /** Everything up to a sequence is acknowledged, and so many bytes are held no longer. */
  giveBack(ackedSeq: bigint, bytes: number): void {
    this.#heldBytes -= bytes;
    this.#upToSeq = ackedSeq + CREDIT_EVENTS;
    this.#upToBytes = this.#sentBytes - this.#heldBytes + CREDIT_BYTES;
  }
}
