import { create, MessageInitShape } from '@bufbuild/protobuf';
import { ConnectResponse, ConnectResponseSchema } from '@kubenova/proto';

export type Frame = NonNullable<
  MessageInitShape<typeof ConnectResponseSchema>['frame']
>;

/** Frames that may wait for an operator that does not read. Windows and credits keep honest ones far below. */
const MAX_WAITING = 512;

/**
 * The frames that wait to be written, as the iterable that the RPC handler returns.
 *
 * It is no generator: one that is parked at a `yield` or an `await` never runs its `finally`, and a stream that breaks would leave it
 * there. The adapter asks for the next frame only when it has written the last one, so what waits here is what the peer did not take.
 */
export class Outbound implements AsyncIterableIterator<ConnectResponse> {
  readonly #waiting: ConnectResponse[] = [];
  readonly #onOverflow: () => void;
  #reader?: {
    resolve(result: IteratorResult<ConnectResponse>): void;
    reject(error: unknown): void;
  };
  #closed?: { error?: unknown };

  /** @param onOverflow - called when too many frames wait; the frame is dropped, so the session has to end */
  constructor(onOverflow: () => void) {
    this.#onOverflow = onOverflow;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  push(frame: Frame): void {
    if (this.#closed) {
      return;
    }
    const response = create(ConnectResponseSchema, { frame });
    if (this.#reader) {
      this.#reader.resolve({ value: response, done: false });
      this.#reader = undefined;
    } else if (this.#waiting.length < MAX_WAITING) {
      this.#waiting.push(response);
    } else {
      this.#onOverflow();
    }
  }

  /** Ends the stream after what waits, with the error if there is one. */
  close(error?: unknown): void {
    if (this.#closed) {
      return;
    }
    this.#closed = { error };
    this.#settleReader();
  }

  async next(): Promise<IteratorResult<ConnectResponse>> {
    const response = this.#waiting.shift();
    if (response) {
      return { value: response, done: false };
    }
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      if (this.#closed) {
        this.#settleReader();
      }
    });
  }

  async return(): Promise<IteratorResult<ConnectResponse>> {
    this.close();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #settleReader(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (this.#closed?.error) {
      reader?.reject(this.#closed.error);
    } else {
      reader?.resolve({ value: undefined, done: true });
    }
  }
}
