import { MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import {
  createGrpcTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import {
  ApplyYaml,
  EventSchema,
  grpcHealth,
  HeldRequest,
  HelloSchema,
  LinkService,
  RotateKey,
  Welcome,
} from '@kubenova/proto';
import { generateKeyPairSync, KeyObject, randomUUID, sign } from 'node:crypto';
import { connect } from 'node:tls';
import { helloPayload } from '../session/helloSignature';
import { newKeyPayload } from '../session/KeyRotation';
import { ScriptedSession } from './ScriptedSession';
import { TestCluster } from './testDatabase';

/** An event without a sequence, which the operator gives. */
export interface ScriptedEvent {
  key: string;
  body: NonNullable<MessageInitShape<typeof EventSchema>['body']>;
}

interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/**
 * An operator that does what a test says, over the real wire protocol: gRPC over HTTP/2 over TLS, to the Manager's real listener. It
 * knows no Kubernetes.
 */
export class ScriptedOperator {
  readonly cluster: TestCluster;
  readonly #connections: Http2SessionManager;
  readonly #transport: ReturnType<typeof createGrpcTransport>;
  #key = newKey();
  /** How many connections it has made. */
  dialled = 0;
  #nextKey: KeyPair | undefined;
  #formerKey: KeyPair | undefined;
  #installationId = '';
  processInstance = randomUUID();
  incarnation = randomUUID();
  /** The highest sequence that is known to be acknowledged. */
  ackedSeq = 0n;
  /** The highest sequence given to an event. */
  assignedSeq = 0n;
  /** The highest epoch that it obeyed. */
  highestEpoch = 0n;
  /** What its sessions accepted, by key: its journal, which a test may take back or lose. */
  readonly held = new Map<string, ApplyYaml>();

  constructor(options: { url: string; ca: string; cluster: TestCluster }) {
    this.cluster = options.cluster;
    this.#connections = new Http2SessionManager(
      options.url,
      {},
      {
        createConnection: ({ hostname, port }) => {
          this.dialled += 1;
          return connect({
            host: hostname,
            port: Number(port),
            ca: options.ca,
            ALPNProtocols: ['h2'],
          });
        },
      },
    );
    this.#transport = createGrpcTransport({
      baseUrl: options.url,
      sessionManager: this.#connections,
    });
  }

  get publicKey(): Uint8Array {
    return rawPublicKey(this.#key.publicKey);
  }

  changeKey(): void {
    this.#key = newKey();
  }

  /** Makes a new key, keeps the present one, and announces the new one as RotateKey asks. */
  announceKey(session: ScriptedSession, request: RotateKey): void {
    const present = this.#key;
    this.#nextKey = newKey();
    const publicKey = rawPublicKey(this.#nextKey.publicKey);
    const payload = newKeyPayload({
      id: request.id,
      installationId: this.#installationId,
      novaClusterId: this.cluster.novaClusterId,
      publicKey,
    });
    session.send({
      case: 'newKey',
      value: {
        id: request.id,
        publicKey,
        signature: sign(null, payload, present.privateKey),
        proof: sign(null, payload, this.#nextKey.privateKey),
      },
    });
  }

  /** Signs with the key that was announced, until `useFormerKey`. */
  useNextKey(): void {
    [this.#key, this.#formerKey] = [this.#nextKey!, this.#key];
  }

  /** Signs with the key before the one that was announced. */
  useFormerKey(): void {
    this.#key = this.#formerKey!;
  }

  useKeyOf(other: ScriptedOperator): void {
    this.#key = other.#key;
  }

  async enroll(joinToken: string) {
    return createClient(LinkService, this.#transport).enroll({
      joinToken,
      novaClusterId: this.cluster.novaClusterId,
      publicKey: this.publicKey,
    });
  }

  async health(service = ''): Promise<string> {
    const client = createClient(grpcHealth.Health, this.#transport);
    const { status } = await client.check({ service });
    return grpcHealth.HealthCheckResponse_ServingStatus[status];
  }

  /** A stream, before its Challenge. */
  open(): ScriptedSession {
    const client = createClient(LinkService, this.#transport);
    return new ScriptedSession({
      open: requests => client.connect(requests),
      stored: frame => this.#store(frame),
    });
  }

  /** A stream on which the Challenge was answered. */
  async hello(
    overrides: MessageInitShape<typeof HelloSchema> = {},
  ): Promise<ScriptedSession> {
    const session = this.open();
    const challenge = await session.receive('challenge');
    this.#installationId = challenge.installationId;
    const claim = {
      nonce: challenge.nonce,
      installationId: challenge.installationId,
      novaClusterId: this.cluster.novaClusterId,
      processInstance: this.processInstance,
      incarnation: this.incarnation,
    };
    session.send({
      case: 'hello',
      value: {
        protocolVersion: 1,
        ...claim,
        ackedSeq: this.ackedSeq,
        assignedSeq: this.assignedSeq,
        highestEpoch: this.highestEpoch,
        highestGeneration: this.#highestGeneration,
        operatorVersion: '0.1.0',
        kubernetesVersion: 'v1.36.3',
        signature: sign(null, helloPayload(claim), this.#key.privateKey),
        ...overrides,
      },
    });
    return session;
  }

  /** An open session, whose first frame tells what is held. */
  async connect(
    overrides: MessageInitShape<typeof HelloSchema> = {},
  ): Promise<{ session: ScriptedSession; welcome: Welcome }> {
    const session = await this.hello(overrides);
    const welcome = await session.receive('welcome');
    this.highestEpoch = welcome.epoch;
    this.sendDigest(session);
    return { session, welcome };
  }

  /** Tells what is held (D10). */
  sendDigest(session: ScriptedSession, upToNumber = 0n): void {
    const entries = [...this.held.values()].map(state => ({
      key: state.key,
      generation: state.generation,
      uid: state.uid,
      sha256: state.sha256,
      deleted: state.content.case === 'tombstone',
    }));
    session.send({ case: 'digest', value: { upToNumber, entries } });
  }

  /** Tells what is held of the keys that were asked for (D9). */
  answerHeldRequest(session: ScriptedSession, { keys }: HeldRequest): void {
    for (const key of keys) {
      const state = this.held.get(key);
      session.send({
        case: 'heldState',
        value: state
          ? {
              key,
              generation: state.generation,
              uid: state.uid,
              sha256: state.sha256,
              content: state.content,
            }
          : { key },
      });
    }
  }

  /** Sends events with the next sequences. */
  sendEvents(session: ScriptedSession, events: ScriptedEvent[]): void {
    this.resendEvents(session, this.assignedSeq + 1n, events);
    this.assignedSeq += BigInt(events.length);
  }

  /** Sends events with given sequences. */
  resendEvents(
    session: ScriptedSession,
    firstSeq: bigint,
    events: ScriptedEvent[],
  ): void {
    session.send({
      case: 'eventBatch',
      value: {
        events: events.map((event, index) => ({
          observedAt: timestampNow(),
          ...event,
          seq: firstSeq + BigInt(index),
        })),
      },
    });
  }

  get #highestGeneration(): bigint {
    const generations = [...this.held.values()].map(state => state.generation);
    return generations.reduce((a, b) => (a > b ? a : b), 0n);
  }

  #store(frame: ApplyYaml): void {
    if (frame.generation > (this.held.get(frame.key)?.generation ?? 0n)) {
      this.held.set(frame.key, frame);
    }
  }

  /** Breaks the connection off, with every stream on it. */
  disconnect(): void {
    this.#connections.abort();
  }
}

function newKey(): KeyPair {
  return generateKeyPairSync('ed25519');
}

function rawPublicKey(key: KeyObject): Uint8Array {
  const spki = key.export({ type: 'spki', format: 'der' });
  return spki.subarray(spki.length - 32);
}
