import { create, MessageInitShape } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import {
  ApplyYaml,
  ConnectRequest,
  ConnectRequestSchema,
  ConnectResponse,
} from '@kubenova/proto';

type RequestFrame = NonNullable<
  MessageInitShape<typeof ConnectRequestSchema>['frame']
>;
type ResponseFrame = ConnectResponse['frame'];
type ResponseCase = Exclude<ResponseFrame['case'], undefined>;
type ResponseValue<C extends ResponseCase> = Extract<
  ResponseFrame,
  { case: C }
>['value'];

const PATIENCE_MS = 30_000;

/** One stream of a scripted operator: sends what the test says, keeps what comes. */
export class ScriptedSession {
  readonly #outgoing: ConnectRequest[] = [];
  readonly #incoming: ResponseFrame[] = [];
  /** The cases of all frames that have come, in their order. */
  readonly seen: ResponseFrame['case'][] = [];
  readonly #stored: (frame: ApplyYaml) => void;
  #closed = false;
  #wakeWriter: (() => void) | undefined;
  #wakeReader: (() => void) | undefined;
  #end: { error?: ConnectError } | undefined;

  constructor(options: {
    open(
      requests: AsyncIterable<ConnectRequest>,
    ): AsyncIterable<ConnectResponse>;
    /** Called with each desired state that is accepted. */
    stored(frame: ApplyYaml): void;
  }) {
    this.#stored = options.stored;
    void this.#read(options.open(this.#requests()));
  }

  send(frame: RequestFrame): void {
    this.#outgoing.push(create(ConnectRequestSchema, { frame }));
    this.#wakeWriter?.();
  }

  /** Stores a desired state and says so. */
  accept(frame: ApplyYaml): void {
    this.#stored(frame);
    const { key, generation, number } = frame;
    this.send({ case: 'accepted', value: { key, generation, number } });
  }

  /** A request whose frame is unset. */
  sendUnset(): void {
    this.#outgoing.push(create(ConnectRequestSchema, {}));
    this.#wakeWriter?.();
  }

  /** Closes the operator's side of the stream, after what was sent. */
  close(): void {
    this.#closed = true;
    this.#wakeWriter?.();
  }

  /** The next frame, which has to be of this case; what comes by itself is passed over unless it is asked for. */
  async receive<C extends ResponseCase>(wanted: C): Promise<ResponseValue<C>> {
    for (;;) {
      const frame = await this.#next();
      if (!frame) {
        throw new Error(
          `The stream ended while ${wanted} was expected: ${
            this.#end?.error ?? 'in order'
          }`,
        );
      }
      if (frame.case === wanted) {
        return frame.value as ResponseValue<C>;
      }
      if (!comesByItself(frame)) {
        throw new Error(`${frame.case} came while ${wanted} was expected`);
      }
    }
  }

  /** The end of the stream, with its error if it has one. Frames before it are passed over. */
  async ended(): Promise<ConnectError | undefined> {
    while (await this.#next()) {
      // what comes before the end does not matter here
    }
    return this.#end?.error;
  }

  /** What has come and was not received, without what comes by itself. */
  get unexpected(): ResponseFrame[] {
    return this.#incoming.filter(frame => !comesByItself(frame));
  }

  async #next(): Promise<ResponseFrame | undefined> {
    const deadline = Date.now() + PATIENCE_MS;
    while (this.#incoming.length === 0 && !this.#end) {
      if (Date.now() >= deadline) {
        throw new Error('Nothing came from the Manager in time');
      }
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, deadline - Date.now());
        this.#wakeReader = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#incoming.shift();
  }

  async #read(responses: AsyncIterable<ConnectResponse>): Promise<void> {
    try {
      for await (const { frame } of responses) {
        this.seen.push(frame.case);
        this.#incoming.push(frame);
        this.#wakeReader?.();
      }
      this.#end = {};
    } catch (error) {
      this.#end = { error: ConnectError.from(error) };
    }
    this.close();
    this.#wakeReader?.();
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

function comesByItself(frame: ResponseFrame): boolean {
  return frame.case === 'heartbeat' || frame.case === 'snapshotRequest';
}
