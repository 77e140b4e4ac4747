/** The Manager's end of one stream. */
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  ConnectResponseSchema,
  type ConnectRequest,
  type ConnectResponse,
} from '@kubenova/proto';
import {
  FrameInbox,
  type AnyFrame,
  type EndCode,
  type StrangeFrame,
  type WireStream,
} from '@kubenova/proto/conformance/index.ts';

/** A number that no version of the contract gives to a frame. */
const UNKNOWN_FIELD = { no: 1_000, wireType: 2, data: new Uint8Array([0]) };

type OperatorEnd = { code: 'OK'; message: string } | 'turned away';

export class ManagerStream implements WireStream {
  readonly #inbox = new FrameInbox<OperatorEnd>();
  readonly #outgoing: ConnectResponse[] = [];
  readonly #disconnect: () => void;
  #end: { error?: ConnectError } | undefined;
  #wakeWriter: () => void = () => {};

  constructor(options: {
    requests: AsyncIterable<ConnectRequest>;
    disconnect: () => void;
  }) {
    this.#disconnect = options.disconnect;
    void this.#read(options.requests);
  }

  get seen() {
    return this.#inbox.seen;
  }

  get waiting() {
    return this.#inbox.waiting;
  }

  send(frame: AnyFrame): void {
    this.#push(
      create(ConnectResponseSchema, { frame } as Parameters<
        typeof create<typeof ConnectResponseSchema>
      >[1]),
    );
  }

  sendStrange(frame: StrangeFrame): void {
    const response = create(ConnectResponseSchema);
    if (frame === 'unknown') {
      response.$unknown = [UNKNOWN_FIELD];
    }
    this.#push(response);
  }

  take(frame: string) {
    return this.#inbox.take(frame);
  }

  ended() {
    return this.#inbox.ended();
  }

  async closed(): Promise<void> {
    if ((await this.#inbox.ended()) === 'turned away') {
      throw new Error(
        'The operator turned away where it was to close its half',
      );
    }
  }

  close(code: EndCode = 'OK'): void {
    this.#end ??=
      code === 'OK' ? {} : { error: new ConnectError(code, codeOf(code)) };
    this.#wakeWriter();
  }

  cancel(): void {
    throw new Error('A Manager ends a stream with a code');
  }

  cut(): void {
    this.#disconnect();
  }

  /** What the Manager says, as the handler of the RPC returns it. */
  async *outgoing(): AsyncGenerator<ConnectResponse> {
    for (;;) {
      const next = this.#outgoing.shift();
      if (next) {
        yield next;
      } else if (this.#end) {
        if (this.#end.error) {
          throw this.#end.error;
        }
        return;
      } else {
        await new Promise<void>(resolve => {
          this.#wakeWriter = resolve;
        });
      }
    }
  }

  #push(response: ConnectResponse): void {
    this.#outgoing.push(response);
    this.#wakeWriter();
  }

  async #read(requests: AsyncIterable<ConnectRequest>): Promise<void> {
    try {
      for await (const { frame } of requests) {
        this.#inbox.push(frame);
      }
      // An operator that turns away may close its half before it resets the stream; one that ends in order says Bye first.
      this.#inbox.end(
        this.seen.at(-1) === 'bye'
          ? { code: 'OK', message: '' }
          : 'turned away',
      );
    } catch {
      this.#inbox.end('turned away');
      this.close();
    }
  }
}

function codeOf(code: EndCode): Code {
  const name = code
    .toLowerCase()
    .replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Code[name as keyof typeof Code];
}
