/**
 * The Manager's side of a transcript, over the real wire protocol. It enrols every operator, and says nothing on a stream by itself but
 * heartbeats.
 */
import {
  createContextKey,
  createContextValues,
  type HandlerContext,
  type ServiceImpl,
} from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { LinkService } from '@kubenova/proto';
import {
  signedText,
  type Signed,
  type Signer,
  type Wire,
  type WireStream,
} from '@kubenova/proto/conformance/index.ts';
import { createPublicKey, verify } from 'node:crypto';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { ManagerAddress } from '../../transport.ts';
import { createTestCertificates } from '../certificates.ts';
import { ManagerStream } from './ManagerStream.ts';

const PATIENCE_MS = 20_000;

type ConnectImpl = NonNullable<ServiceImpl<typeof LinkService>['connect']>;

const connectionKey = createContextKey<http2.Http2Session | undefined>(
  undefined,
);

export class ManagerWire implements Wire, Signer {
  readonly address: ManagerAddress;
  readonly installationId = 'installation-1';
  readonly #server: http2.Http2SecureServer;
  readonly #shutdown: AbortController;
  readonly #connections = new Set<http2.Http2Session>();
  readonly #undialled: ManagerStream[] = [];
  #publicKey: Uint8Array | undefined;
  #nextKey: Uint8Array | undefined;
  #wakeDialler: () => void = () => {};

  static async start(): Promise<ManagerWire> {
    const { cert, key, ca } = await createTestCertificates();
    const server = http2.createSecureServer({ cert, key });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', () => resolve());
    });
    const { port } = server.address() as AddressInfo;
    const shutdown = new AbortController();
    const wire = new ManagerWire({
      server,
      shutdown,
      address: { url: `https://127.0.0.1:${port}`, ca },
    });
    server.on(
      'request',
      connectNodeAdapter({
        shutdownSignal: shutdown.signal,
        contextValues: request =>
          createContextValues().set(
            connectionKey,
            'stream' in request ? request.stream.session : undefined,
          ),
        routes: router =>
          router.service(LinkService, {
            enroll: request => wire.#enroll(request.publicKey),
            connect: (requests, context) => wire.#connect(requests, context),
          }),
      }),
    );
    return wire;
  }

  private constructor(options: {
    server: http2.Http2SecureServer;
    shutdown: AbortController;
    address: ManagerAddress;
  }) {
    this.#server = options.server;
    this.#shutdown = options.shutdown;
    this.address = options.address;
    this.#server.on('session', connection => {
      this.#connections.add(connection);
      connection.on('close', () => this.#connections.delete(connection));
    });
  }

  /** Connections that operators hold now. */
  get connections(): number {
    return this.#connections.size;
  }

  async dial(): Promise<WireStream> {
    const deadline = Date.now() + PATIENCE_MS;
    while (this.#undialled.length === 0) {
      if (Date.now() > deadline) {
        throw new Error('The operator did not dial in time');
      }
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, PATIENCE_MS);
        this.#wakeDialler = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#undialled.shift()!;
  }

  async enroll(): Promise<void> {
    throw new Error('The operator enrols by itself, before it first dials');
  }

  sign(): Uint8Array {
    throw new Error('The Manager signs nothing');
  }

  verify(signed: Signed, signature: unknown): void {
    const { signatureOf, by, frame } = signed;
    if (signatureOf === 'newKey') {
      this.#nextKey = frame.publicKey as Uint8Array;
    }
    const publicKey = by === 'the next key' ? this.#nextKey : this.#publicKey;
    const x = Buffer.from(publicKey ?? []).toString('base64url');
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x },
      format: 'jwk',
    });
    const text = signedText(signed, this.installationId);
    if (!verify(null, text, key, signature as Uint8Array)) {
      throw new Error(`The signature of ${signatureOf} is not made with ${by}`);
    }
  }

  nextPublicKey(): Uint8Array {
    throw new Error('The operator makes its keys by itself');
  }

  async stop(): Promise<void> {
    this.#shutdown.abort();
    this.#connections.forEach(connection => connection.destroy());
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve());
    });
  }

  #enroll(publicKey: Uint8Array) {
    this.#publicKey = publicKey;
    return { installationId: this.installationId, clusterName: 'fra1' };
  }

  #connect(
    requests: Parameters<ConnectImpl>[0],
    context: HandlerContext,
  ): ReturnType<ConnectImpl> {
    const connection = context.values.get(connectionKey);
    const stream = new ManagerStream({
      requests,
      disconnect: () => connection?.destroy(),
    });
    this.#undialled.push(stream);
    this.#wakeDialler();
    return stream.outgoing();
  }
}
