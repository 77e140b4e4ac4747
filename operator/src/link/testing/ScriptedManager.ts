/**
 * A Manager for tests: it speaks the real protocol over real HTTP/2 and TLS, checks signatures, and does what the test's script says.
 *
 * Left alone, it accepts every session with the next epoch, acknowledges each batch, and refuses a gap in the sequences. `plan` changes
 * what happens to the sessions to come, one plan each.
 */
import { create } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  type HandlerContext,
  type ServiceImpl,
} from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import {
  ConnectResponseSchema,
  LinkService,
  type ConnectRequest,
  type ConnectResponse,
  type EnrollRequest,
  type Event,
  type Hello,
  type NewKey,
} from '@kubenova/proto';
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { signedText } from '../handshake.ts';
import { newKeyText } from '../newKey.ts';
import type { ManagerAddress } from '../transport.ts';
import { createTestCertificates } from './certificates.ts';
import { ScriptedSession, type RequestFrame } from './ScriptedSession.ts';

export type SessionPlan = {
  /** Says nothing at all. */
  stall?: boolean;
  /** Refuses the session after Hello. */
  error?: ConnectError;
  /** Welcome's values, where they are not the Manager's own. */
  epoch?: number;
  ackedSeq?: number;
  upToSeq?: number;
  upToBytes?: number;
  /** Leaves acknowledging to the test. */
  holdAcks?: boolean;
  /** Does not write a new key down, as if the connection had been lost before. */
  loseNewKey?: boolean;
};

type ConnectImpl = NonNullable<ServiceImpl<typeof LinkService>['connect']>;

export class ScriptedManager {
  readonly address: ManagerAddress;
  readonly installationId: string;
  /** All sessions that got as far as Welcome. */
  readonly sessions: ScriptedSession[] = [];
  readonly enrolments: EnrollRequest[] = [];
  /** Events in the order of acknowledgement: what a real Manager would have committed. */
  readonly committed: Event[] = [];
  ackedSeq = 0;
  epoch = 0;
  attempts = 0;
  heartbeatMs = 5_000;
  /** Of Welcome. */
  capabilities: string[] = [];
  /** Answers Enroll with this, if set. */
  enrolError: ConnectError | undefined;
  readonly #server: http2.Http2SecureServer;
  readonly #connections = new Set<http2.ServerHttp2Session>();
  readonly #shutdown: AbortController;
  readonly #plans: SessionPlan[] = [];
  #keys: { present?: Uint8Array; next?: Uint8Array } = {};
  #incarnation = '';
  #watchers = new Set<() => void>();

  static async start(
    options: { installationId?: string; port?: number } = {},
  ): Promise<ScriptedManager> {
    const certificates = await createTestCertificates();
    const shutdown = new AbortController();
    const { cert, key } = certificates;
    const server = http2.createSecureServer({ cert, key });
    await new Promise<void>(resolve => {
      server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
    });
    const { port } = server.address() as AddressInfo;
    const manager = new ScriptedManager({
      server,
      shutdown,
      installationId: options.installationId ?? 'installation-1',
      address: { url: `https://127.0.0.1:${port}`, ca: certificates.ca },
    });
    server.on(
      'request',
      connectNodeAdapter({
        shutdownSignal: shutdown.signal,
        routes: router =>
          router.service(LinkService, {
            enroll: request => manager.#enroll(request),
            connect: (requests, context) => manager.#connect(requests, context),
          }),
      }),
    );
    return manager;
  }

  private constructor(options: {
    server: http2.Http2SecureServer;
    shutdown: AbortController;
    installationId: string;
    address: ManagerAddress;
  }) {
    this.#server = options.server;
    this.#shutdown = options.shutdown;
    this.installationId = options.installationId;
    this.address = options.address;
    this.#server.on('session', connection => {
      this.#connections.add(connection);
      connection.on('close', () => {
        this.#connections.delete(connection);
        this.#changed();
      });
    });
  }

  /** Connections that operators hold now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** What happens to the next session that has no plan yet. */
  plan(plan: SessionPlan): void {
    this.#plans.push(plan);
  }

  /** The session with that number, from 1, once the operator has taken its Welcome, or has turned away. */
  async session(number: number): Promise<ScriptedSession> {
    await this.until(() => this.sessions.length >= number);
    const session = this.sessions[number - 1];
    await session.until(() => session.received.length > 0 || session.over);
    return session;
  }

  /** Resolves when the condition holds; it is looked at whenever something happened here. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>(resolve => {
        const watcher = () => {
          this.#watchers.delete(watcher);
          resolve();
        };
        this.#watchers.add(watcher);
      });
    }
  }

  /** The keys that it takes, in base64. */
  get keys(): { present?: string; next?: string } {
    const { present, next } = this.#keys;
    return {
      ...(present && { present: Buffer.from(present).toString('base64') }),
      ...(next && { next: Buffer.from(next).toString('base64') }),
    };
  }

  /** Takes none of the operator's keys any more. */
  revokeKeys(): void {
    this.#keys = {};
  }

  /** Cuts every connection, as a network or a SIGKILL would. */
  cut(): void {
    this.#connections.forEach(connection => connection.destroy());
  }

  async stop(): Promise<void> {
    this.#shutdown.abort();
    this.cut();
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve());
    });
  }

  #enroll(request: EnrollRequest) {
    this.enrolments.push(request);
    this.#changed();
    if (this.enrolError) {
      throw this.enrolError;
    }
    this.#keys = { present: request.publicKey };
    return { installationId: this.installationId, clusterName: 'fra1' };
  }

  async *#connect(
    requests: Parameters<ConnectImpl>[0],
    context: HandlerContext,
  ): AsyncGenerator<ConnectResponse> {
    this.attempts += 1;
    const plan = this.#plans.shift() ?? {};
    this.#changed();
    if (plan.stall) {
      await new Promise(resolve => {
        context.signal.addEventListener('abort', resolve);
      });
      return;
    }
    const frames = requests[Symbol.asyncIterator]();
    const nonce = randomBytes(32);
    yield response({
      case: 'challenge',
      value: { nonce, installationId: this.installationId },
    });
    const hello = await this.#expectHello(frames, nonce);
    if (plan.error) {
      throw plan.error;
    }
    yield response({ case: 'welcome', value: this.#welcome(hello, plan) });
    const session = new ScriptedSession({
      hello,
      onFrame: (from, frame) => this.#receive(from, frame, plan),
    });
    void session.consume(frames);
    this.sessions.push(session);
    this.#changed();
    yield* session.outgoing();
  }

  async #expectHello(
    frames: AsyncIterator<ConnectRequest>,
    nonce: Uint8Array,
  ): Promise<Hello> {
    const first = await frames.next();
    if (first.done || first.value.frame.case !== 'hello') {
      throw new ConnectError('Hello was due.', Code.InvalidArgument);
    }
    const hello = first.value.frame.value;
    const { processInstance, incarnation, novaClusterId: clusterId } = hello;
    const { installationId } = this;
    const signed = signedText({
      nonce,
      installationId,
      clusterId,
      processInstance,
      incarnation,
    });
    const { present, next } = this.#keys;
    if (isSignedBy(next, signed, hello.signature)) {
      this.#keys = { present: next };
    } else if (!isSignedBy(present, signed, hello.signature)) {
      throw new ConnectError('That key is not known.', Code.Unauthenticated);
    }
    return hello;
  }

  /** As a Manager does: the key is written down, and the operator asked to dial with it. */
  #keepNewKey(session: ScriptedSession, frame: NewKey): void {
    const { installationId } = this;
    const { id, publicKey, signature, proof } = frame;
    const clusterId = session.hello.novaClusterId;
    const text = newKeyText({ id, installationId, clusterId, publicKey });
    if (
      !isSignedBy(this.#keys.present, text, signature) ||
      !isSignedBy(publicKey, text, proof)
    ) {
      throw new Error(
        'The new key is not signed by the present one and itself.',
      );
    }
    this.#keys.next = publicKey;
    session.send({ case: 'drain', value: { spreadMs: 0 } });
  }

  #welcome(hello: Hello, plan: SessionPlan) {
    if (hello.incarnation !== this.#incarnation) {
      this.#incarnation = hello.incarnation;
      this.ackedSeq = 0;
    }
    this.epoch = plan.epoch ?? this.epoch + 1;
    this.ackedSeq = plan.ackedSeq ?? this.ackedSeq;
    return {
      epoch: BigInt(this.epoch),
      ackedSeq: BigInt(this.ackedSeq),
      credit: {
        upToSeq: BigInt(plan.upToSeq ?? 1_000_000),
        maxBatchBytes: 65_536n,
        upToBytes: BigInt(plan.upToBytes ?? 0),
      },
      heartbeatIntervalMs: this.heartbeatMs,
      capabilities: this.capabilities,
    };
  }

  #receive(
    session: ScriptedSession,
    frame: RequestFrame,
    plan: SessionPlan,
  ): void {
    if (frame.case === 'eventBatch' && !plan.holdAcks) {
      for (const event of frame.value.events) {
        if (Number(event.seq) !== this.ackedSeq + 1) {
          throw new Error(`Event ${event.seq} after ${this.ackedSeq}: a gap.`);
        }
        this.ackedSeq += 1;
        this.committed.push(event);
      }
      session.acknowledge(this.ackedSeq);
    }
    if (frame.case === 'newKey' && !plan.loseNewKey) {
      this.#keepNewKey(session, frame.value);
    }
    this.#changed();
  }

  #changed(): void {
    [...this.#watchers].forEach(watcher => watcher());
  }
}

function isSignedBy(
  publicKey: Uint8Array | undefined,
  text: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!publicKey) {
    return false;
  }
  const x = Buffer.from(publicKey).toString('base64url');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify(null, text, key, signature);
}

function response(frame: ConnectResponse['frame'] | object): ConnectResponse {
  return create(ConnectResponseSchema, { frame } as Parameters<
    typeof create<typeof ConnectResponseSchema>
  >[1]);
}
