/**
 * Frames on their way into one stream.
 *
 * 1. Frames leave in the order they came in.
 * 2. The transport takes a frame only when the one before is on its way, so a slow network shows here: `send` resolves when the
 *    frame was taken, and the queue is capped. Whoever can wait, waits; whoever can't ends the session.
 * 3. After `end`, what is queued still leaves; nothing more comes in.
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ConnectRequestSchema, type ConnectRequest } from '@kubenova/proto';

export type Frame = NonNullable<
  MessageInitShape<typeof ConnectRequestSchema>['frame']
>;

type Entry = { frame: Frame; taken?: () => void };

export class FrameQueue implements AsyncIterable<ConnectRequest> {
  readonly #capacity: number;
  readonly #entries: Entry[] = [];
  #ended = false;
  #wake: () => void = () => {};

  constructor(options: { capacity: number }) {
    this.#capacity = options.capacity;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Queues a frame. @throws Error when the queue is full. */
  push(frame: Frame): void {
    this.#add({ frame });
  }

  /** Queues a frame and resolves when the transport has taken it, or when the queue is abandoned. @throws Error when it is full. */
  async send(frame: Frame): Promise<void> {
    await new Promise<void>(taken => {
      if (!this.#add({ frame, taken })) {
        taken();
      }
    });
  }

  /** Nothing more comes in; what is queued still leaves. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The stream is dead: lets go of everybody who waits. */
  abandon(): void {
    this.end();
    this.#entries.splice(0).forEach(entry => entry.taken?.());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ConnectRequest> {
    for (;;) {
      const entry = this.#entries.shift();
      if (entry) {
        entry.taken?.();
        yield create(ConnectRequestSchema, { frame: entry.frame });
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
      }
    }
  }

  #add(entry: Entry): boolean {
    if (this.#ended) {
      return false;
    }
    if (this.#entries.length >= this.#capacity) {
      throw new Error(
        `${this.#capacity} frames wait for a network that takes none.`,
      );
    }
    this.#entries.push(entry);
    this.#wake();
    return true;
  }
}
