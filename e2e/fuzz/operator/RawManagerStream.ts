import {
  create,
  fromBinary,
  toBinary,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import {
  ConnectRequestSchema,
  ConnectResponseSchema,
  type ConnectRequest,
} from '@kubenova/proto';
import http2 from 'node:http2';
import { grpcFrame, type Volley } from '../arbitraries/volleys.ts';
import { FrameReader } from '../FrameReader.ts';

const PATIENCE_MS = 30_000;

type Frame = ConnectRequest['frame'];
type FrameCase = NonNullable<Frame['case']>;
type FrameOf<C extends FrameCase> = Extract<Frame, { case: C }>['value'];

/** The Manager's end of a stream that an operator opened; what is said on it is the caller's, to the byte. */
export class RawManagerStream {
  readonly #stream: http2.ServerHttp2Stream;
  readonly #reader = new FrameReader();
  readonly #frames: Frame[] = [];
  #isOver = false;
  #wake: () => void = () => {};

  constructor(stream: http2.ServerHttp2Stream) {
    this.#stream = stream;
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => {
      if (!stream.destroyed) {
        stream.sendTrailers({ 'grpc-status': '0' });
      }
    });
    stream.on('data', (bytes: Buffer) => this.#read(bytes));
    stream.on('error', () => {}); // the operator turned away
    stream.on('end', () => this.#over());
    stream.on('close', () => this.#over());
  }

  send(frame: MessageInitShape<typeof ConnectResponseSchema>['frame']): void {
    const response = create(ConnectResponseSchema, { frame });
    this.sendBytes(grpcFrame(toBinary(ConnectResponseSchema, response)));
  }

  /** What the operator does not read any more is dropped. */
  sendBytes(bytes: Uint8Array): void {
    if (!this.#stream.destroyed && !this.#stream.writableEnded) {
      this.#stream.write(bytes);
    }
  }

  /** The next frame of that kind; others are passed over. @throws Error where the operator closes before. */
  async receive<C extends FrameCase>(wanted: C): Promise<FrameOf<C>> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const frame = this.#frames.shift();
      if (frame?.case === wanted) {
        return frame.value as FrameOf<C>;
      }
      if (frame) {
        continue;
      }
      if (this.#isOver || Date.now() > deadline) {
        throw new Error(`${wanted} did not come from the operator`);
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

  finish(ending: Volley['ending']): void {
    if (ending === 'half-close') {
      this.#stream.end();
    } else if (ending === 'reset') {
      this.#stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    } else {
      this.#stream.session?.destroy();
    }
  }

  #read(bytes: Buffer): void {
    for (const message of this.#reader.read(bytes)) {
      this.#frames.push(fromBinary(ConnectRequestSchema, message).frame);
    }
    this.#wake();
  }

  #over(): void {
    this.#isOver = true;
    this.#wake();
  }
}
