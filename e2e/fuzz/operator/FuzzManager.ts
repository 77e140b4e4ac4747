import { create, toBinary } from '@bufbuild/protobuf';
import { createTestCertificates } from '@kubenova/operator/link/testing';
import { EnrollResponseSchema } from '@kubenova/proto';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { grpcFrame, type Opening } from '../arbitraries/volleys.ts';
import { RawManagerStream } from './RawManagerStream.ts';

const PATIENCE_MS = 30_000;
export const INSTALLATION_ID = '6d3c1f5e-9f0a-4a35-8f7e-0f2f2ad9f0c1';

/** A Manager that enrols everybody and leaves each stream to the caller. */
export class FuzzManager {
  readonly address: { url: string; ca: string };
  readonly #server: http2.Http2SecureServer;
  readonly #connections = new Set<http2.Http2Session>();
  readonly #dialled: RawManagerStream[] = [];
  #wake: () => void = () => {};

  static async start(): Promise<FuzzManager> {
    const { cert, key, ca } = await createTestCertificates();
    const server = http2.createSecureServer({ cert, key });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', () => resolve());
    });
    const { port } = server.address() as AddressInfo;
    return new FuzzManager(server, { url: `https://127.0.0.1:${port}`, ca });
  }

  private constructor(
    server: http2.Http2SecureServer,
    address: { url: string; ca: string },
  ) {
    this.#server = server;
    this.address = address;
    server.on('session', connection => {
      this.#connections.add(connection);
      connection.on('error', () => {}); // an operator may break off whenever it likes
      connection.on('close', () => this.#connections.delete(connection));
    });
    server.on('stream', (stream, headers) =>
      String(headers[':path']).endsWith('/Enroll')
        ? enroll(stream)
        : this.#dial(stream),
    );
  }

  /** Connections that operators hold now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** The next stream that the operator opens. @throws Error where it does not dial. */
  async dialled(): Promise<RawManagerStream> {
    const deadline = Date.now() + PATIENCE_MS;
    while (this.#dialled.length === 0) {
      if (Date.now() > deadline) {
        throw new Error('The operator does not dial any more');
      }
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, PATIENCE_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#dialled.shift()!;
  }

  /** The next stream, opened so far as an honest Manager does. */
  async open(opening: Opening) {
    const stream = await this.dialled();
    if (opening === 'none') {
      return { stream };
    }
    stream.send({
      case: 'challenge',
      value: { nonce: new Uint8Array(32), installationId: INSTALLATION_ID },
    });
    const hello = await stream.receive('hello');
    if (opening === 'open') {
      stream.send({
        case: 'welcome',
        value: {
          epoch: hello.highestEpoch + 1n,
          ackedSeq: hello.ackedSeq,
          credit: {
            upToSeq: hello.assignedSeq + 1_000n,
            maxBatchBytes: 65_536n,
            upToBytes: 4n * 1024n * 1024n,
          },
          heartbeatIntervalMs: 5_000,
        },
      });
    }
    return { stream, hello };
  }

  async stop(): Promise<void> {
    this.#connections.forEach(connection => connection.destroy());
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve());
    });
  }

  #dial(stream: http2.ServerHttp2Stream): void {
    this.#dialled.push(new RawManagerStream(stream));
    this.#wake();
  }
}

function enroll(stream: http2.ServerHttp2Stream): void {
  stream.resume();
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc' },
    { waitForTrailers: true },
  );
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  const response = create(EnrollResponseSchema, {
    installationId: INSTALLATION_ID,
    clusterName: 'fuzz',
  });
  stream.end(grpcFrame(toBinary(EnrollResponseSchema, response)));
}
