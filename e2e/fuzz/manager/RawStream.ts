import {
  fromBinary,
  toBinary,
  create,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import {
  ConnectRequestSchema,
  ConnectResponseSchema,
  type ConnectResponse,
} from '@kubenova/proto';
import http2 from 'node:http2';
import { grpcFrame } from '../arbitraries/volleys.ts';
import { FrameReader } from '../FrameReader.ts';

const PATIENCE_MS = 30_000;

type Frame = ConnectResponse['frame'];
type FrameCase = NonNullable<Frame['case']>;
type FrameOf<C extends FrameCase> = Extract<Frame, { case: C }>['value'];

/** How a stream ended: gRPC's status, or what HTTP/2 said instead. */
export type StreamEnd =
  | { status: number; message: string }
  | { reset: number }
  | { broken: string };

/** Statuses that pass: no room at the moment, and a replica that is not ready. */
const PASSING = [8, 14];

/** The stream ended where something else was due. */
export class UnexpectedEnd extends Error {
  readonly isPassing: boolean;

  constructor(end: StreamEnd, wanted: string) {
    super(
      `The stream ended with ${JSON.stringify(end)} while ${wanted} was due`,
    );
    this.name = 'UnexpectedEnd';
    this.isPassing = 'status' in end && PASSING.includes(end.status);
  }
}

/** A stream to the Manager whose bytes are the caller's, on a connection of its own. */
export class RawStream {
  readonly #connection: http2.ClientHttp2Session;
  readonly #stream: http2.ClientHttp2Stream;
  readonly #reader = new FrameReader();
  readonly #frames: Frame[] = [];
  #end: StreamEnd | undefined;
  #status: { status: number; message: string } | undefined;
  #wake: () => void = () => {};

  constructor(options: { url: string; ca: string }) {
    this.#connection = http2.connect(options.url, { ca: options.ca });
    this.#connection.on('error', error =>
      this.#over({ broken: error.message }),
    );
    this.#stream = this.#connection.request({
      ':method': 'POST',
      ':path': '/kubenova.link.v1.LinkService/Connect',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    this.#stream.on('response', headers => this.#noteStatus(headers));
    this.#stream.on('trailers', headers => this.#noteStatus(headers));
    this.#stream.on('data', (bytes: Buffer) => this.#read(bytes));
    this.#stream.on('error', error => this.#over({ broken: error.message }));
    this.#stream.on('close', () =>
      this.#over(this.#status ?? { reset: this.#stream.rstCode }),
    );
  }

  send(frame: MessageInitShape<typeof ConnectRequestSchema>['frame']): void {
    const request = create(ConnectRequestSchema, { frame });
    this.sendBytes(grpcFrame(toBinary(ConnectRequestSchema, request)));
  }

  /** What the Manager does not read any more is dropped. */
  sendBytes(bytes: Uint8Array): void {
    if (!this.#stream.closed && !this.#stream.writableEnded) {
      this.#stream.write(bytes);
    }
  }

  /** The next frame of that kind; others are passed over. @throws Error where the stream ends before. */
  async receive<C extends FrameCase>(wanted: C): Promise<FrameOf<C>> {
    for (;;) {
      await this.#until(
        () => this.#frames.length > 0 || this.#end !== undefined,
      );
      const frame = this.#frames.shift();
      if (!frame) {
        throw new UnexpectedEnd(this.#end!, wanted);
      }
      if (frame.case === wanted) {
        return frame.value as FrameOf<C>;
      }
    }
  }

  finish(ending: 'half-close' | 'reset' | 'cut'): void {
    if (ending === 'half-close') {
      this.#stream.end();
    } else if (ending === 'reset') {
      this.#stream.close(http2.constants.NGHTTP2_CANCEL);
    } else {
      this.#connection.destroy();
    }
  }

  /** @throws Error where the Manager leaves the stream open. */
  async ended(): Promise<StreamEnd> {
    await this.#until(() => this.#end !== undefined);
    return this.#end!;
  }

  /** Closes the connection, whatever is on it. */
  close(): void {
    this.#connection.destroy();
  }

  #read(bytes: Buffer): void {
    for (const message of this.#reader.read(bytes)) {
      this.#frames.push(fromBinary(ConnectResponseSchema, message).frame);
    }
    this.#wake();
  }

  #noteStatus(headers: http2.IncomingHttpHeaders): void {
    const status = headers['grpc-status'];
    if (status !== undefined) {
      this.#status = {
        status: Number(status),
        message: decodeURIComponent(String(headers['grpc-message'] ?? '')),
      };
    }
  }

  #over(end: StreamEnd): void {
    this.#end ??= this.#status ?? end;
    this.#wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!condition()) {
      if (Date.now() > deadline) {
        throw new Error('The Manager left the stream as it was');
      }
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, PATIENCE_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
