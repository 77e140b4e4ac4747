/**
 * One question, from its receipt to the last part of its answer (S8).
 *
 * 1. Every question is answered by parts whose indexes follow one another, the last one marked as such; or by an error in their place.
 *    Only a session that ends leaves one without an end: the Manager sees that, and nobody would read it.
 * 2. A part waits for its credit, and then for the network: an answer takes the memory of one part, however long it is.
 * 3. Deadline and cancellation fire the handler's signal, and end the answer whether the handler heeds that or not.
 */
import type { Call } from '@kubenova/proto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { FrameQueue } from '../FrameQueue.ts';
import { PART_BYTES, readRecipientKey, sealPart } from './sealPart.ts';

/** Answers one method, in one piece or piece by piece. The message of an error goes to the asker. */
export type CallHandler = (
  payload: Uint8Array,
  signal: AbortSignal,
) => Promise<Uint8Array> | AsyncIterable<Uint8Array>;

const LONGEST_DEADLINE_MS = 60 * 60_000;
const MAX_ERROR_LENGTH = 500;

export class ActiveCall {
  readonly #call: Call;
  readonly #queue: FrameQueue;
  readonly #clock: Clock;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  #next = 0;
  #upToIndex: number;
  #wake: () => void = () => {};

  constructor(options: {
    call: Call;
    queue: FrameQueue;
    clock: Clock;
    /** Fires when the session is over. */
    session: AbortSignal;
  }) {
    this.#call = options.call;
    this.#queue = options.queue;
    this.#clock = options.clock;
    this.#signal = AbortSignal.any([options.session, this.#end.signal]);
    this.#upToIndex = options.call.upToIndex;
  }

  /** Resolves when the end of the answer is on its way, or the session is over. @throws whatever the handler does. */
  async run(handler: CallHandler): Promise<void> {
    const { deadlineMs, recipientKey, payload } = this.#call;
    const cancelDeadline = this.#clock.after(
      Math.min(deadlineMs, LONGEST_DEADLINE_MS),
      () => this.#stop(`There was no answer within ${deadlineMs} ms.`),
    );
    try {
      const recipient = readRecipientKey(recipientKey);
      const answer = handler(payload, this.#signal);
      if (Symbol.asyncIterator in answer) {
        await this.#sendPieces(answer, recipient);
      } else {
        await this.#send(await this.#unlessOver(answer), recipient, true);
      }
    } finally {
      cancelDeadline();
    }
  }

  /** Ends the answer with an error. It needs no credit: it is the last, and it is small. */
  async fail(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    await this.#queue.send({
      case: 'callChunk',
      value: {
        id: this.#call.id,
        index: this.#next,
        last: true,
        error: message.slice(0, MAX_ERROR_LENGTH) || 'It failed.',
      },
    });
  }

  /** Parts up to this index may be sent. */
  allow(upToIndex: number): void {
    this.#upToIndex = Math.max(this.#upToIndex, upToIndex);
    this.#wake();
  }

  cancel(): void {
    this.#stop('Nobody waits for the answer any more.');
  }

  #stop(message: string): void {
    this.#end.abort(new Error(message));
  }

  async #sendPieces(
    pieces: AsyncIterable<Uint8Array>,
    recipient: KeyObject,
  ): Promise<void> {
    const iterator = pieces[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#unlessOver(iterator.next());
        if (next.done) {
          break;
        }
        await this.#send(next.value, recipient, false);
      }
    } catch (error) {
      // Not waited for: a handler that hangs would not end here either.
      iterator.return?.().catch(() => {});
      throw error;
    }
    await this.#send(new Uint8Array(), recipient, true);
  }

  /** Sends a piece as parts, the last of them as the last of all where it is. */
  async #send(
    piece: Uint8Array,
    recipient: KeyObject,
    isEnd: boolean,
  ): Promise<void> {
    const { id } = this.#call;
    const count = Math.max(1, Math.ceil(piece.byteLength / PART_BYTES));
    for (let i = 0; i < count; i++) {
      await this.#untilAllowed();
      const index = this.#next;
      const payload = await sealPart(
        piece.subarray(i * PART_BYTES, (i + 1) * PART_BYTES),
        { recipient, id, index },
      );
      this.#signal.throwIfAborted();
      this.#next += 1;
      const last = isEnd && i === count - 1;
      await this.#queue.send({
        case: 'callChunk',
        value: { id, index, payload, last },
      });
    }
  }

  async #untilAllowed(): Promise<void> {
    while (this.#next > this.#upToIndex) {
      await this.#unlessOver(
        new Promise<void>(resolve => {
          this.#wake = resolve;
        }),
      );
    }
  }

  async #unlessOver<T>(promise: Promise<T>): Promise<T> {
    const signal = this.#signal;
    signal.throwIfAborted();
    let reject: () => void = () => {};
    const over = new Promise<never>((_, rejectOver) => {
      reject = () => rejectOver(signal.reason);
      signal.addEventListener('abort', reject, { once: true });
    });
    try {
      return await Promise.race([promise, over]);
    } finally {
      signal.removeEventListener('abort', reject);
    }
  }
}
