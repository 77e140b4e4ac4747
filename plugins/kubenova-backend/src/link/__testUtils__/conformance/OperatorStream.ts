import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  ConnectRequest,
  ConnectRequestSchema,
  ConnectResponse,
} from '@kubenova/proto';
import {
  AnyFrame,
  EndCode,
  FrameInbox,
  StrangeFrame,
  WireStream,
} from '@kubenova/proto/conformance/index.ts';

/** A number that no version of the contract gives to a frame. */
const UNKNOWN_FIELD = { no: 1_000, wireType: 2, data: new Uint8Array([0]) };

/** The operator's end of one stream, on a connection of its own. */
export class OperatorStream implements WireStream {
  readonly #inbox = new FrameInbox<{ code: EndCode; message: string }>();
  readonly #outgoing: ConnectRequest[] = [];
  readonly #cancelled = new AbortController();
  readonly #disconnect: () => void;
  #closed = false;
  #wakeWriter: () => void = () => {};

  constructor(options: {
    connect(
      requests: AsyncIterable<ConnectRequest>,
      signal: AbortSignal,
    ): AsyncIterable<ConnectResponse>;
    disconnect(): void;
  }) {
    this.#disconnect = options.disconnect;
    void this.#read(options.connect(this.#requests(), this.#cancelled.signal));
  }

  get seen() {
    return this.#inbox.seen;
  }

  get waiting() {
    return this.#inbox.waiting;
  }

  send(frame: AnyFrame): void {
    this.#push(
      create(ConnectRequestSchema, { frame } as Parameters<
        typeof create<typeof ConnectRequestSchema>
      >[1]),
    );
  }

  sendStrange(frame: StrangeFrame): void {
    const request = create(ConnectRequestSchema);
    if (frame === 'unknown') {
      request.$unknown = [UNKNOWN_FIELD];
    }
    this.#push(request);
  }

  take(frame: string) {
    return this.#inbox.take(frame);
  }

  ended() {
    return this.#inbox.ended();
  }

  async closed(): Promise<void> {
    await this.#inbox.ended();
  }

  close(): void {
    this.#closed = true;
    this.#wakeWriter();
  }

  cancel(): void {
    this.#cancelled.abort();
  }

  cut(): void {
    this.#disconnect();
  }

  #push(request: ConnectRequest): void {
    this.#outgoing.push(request);
    this.#wakeWriter();
  }

  async #read(responses: AsyncIterable<ConnectResponse>): Promise<void> {
    try {
      for await (const { frame } of responses) {
        this.#inbox.push(frame);
      }
      this.#inbox.end({ code: 'OK', message: '' });
    } catch (error) {
      const { code, rawMessage } = ConnectError.from(error);
      this.#inbox.end({ code: nameOf(code), message: rawMessage });
    }
    this.close();
  }

  async *#requests(): AsyncIterable<ConnectRequest> {
    for (;;) {
      const request = this.#outgoing.shift();
      if (request) {
        yield request;
      } else if (this.#closed) {
        return;
      } else {
        await new Promise<void>(resolve => {
          this.#wakeWriter = resolve;
        });
      }
    }
  }
}

/** `InvalidArgument` as gRPC and docs/protocol.md write it. */
export function nameOf(code: Code): EndCode {
  return Code[code]
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toUpperCase() as EndCode;
}
