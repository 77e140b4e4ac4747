import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { LinkService } from '@kubenova/proto';
import { signedText } from '@kubenova/proto/conformance/index.ts';
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Opening } from '../arbitraries/volleys.ts';
import { RawStream, UnexpectedEnd } from './RawStream.ts';

/** The hour of the first record; each further one is an hour later, so that no two have the same natural key (E8). */
const FIRST_HOUR_MS = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const RETRY_MS = 200;

export type FuzzCluster = {
  id: string;
  name: string;
  novaClusterId: string;
  joinToken: string;
};

/** An operator with a key that is enrolled. What it says after its opening is the caller's. */
export class FuzzOperator {
  readonly cluster: FuzzCluster;
  readonly #manager: { url: string; ca: string; installationId: string };
  readonly #key = generateKeyPairSync('ed25519');
  readonly #processInstance = randomUUID();
  readonly #incarnation = randomUUID();
  #highestEpoch = 0n;
  #ackedSeq = 0n;

  constructor(options: {
    cluster: FuzzCluster;
    manager: { url: string; ca: string; installationId: string };
  }) {
    this.cluster = options.cluster;
    this.#manager = options.manager;
  }

  /** How many records were acknowledged. */
  get acknowledged(): number {
    return Number(this.#ackedSeq);
  }

  async enroll(): Promise<void> {
    const { url, ca } = this.#manager;
    const spki = this.#key.publicKey.export({ type: 'spki', format: 'der' });
    const transport = createGrpcTransport({
      baseUrl: url,
      nodeOptions: { ca },
    });
    await createClient(LinkService, transport).enroll({
      joinToken: this.cluster.joinToken,
      novaClusterId: this.cluster.novaClusterId,
      publicKey: spki.subarray(spki.length - 32),
    });
  }

  /** A stream that is opened so far. Where the Manager has no room at the moment, it is tried again, as an operator does. */
  async open(opening: Opening): Promise<RawStream> {
    for (;;) {
      const stream = new RawStream(this.#manager);
      try {
        await this.#exchange(opening, stream);
        return stream;
      } catch (error) {
        stream.close();
        if (!(error instanceof UnexpectedEnd) || !error.isPassing) {
          throw error;
        }
      }
      await sleep(RETRY_MS);
    }
  }

  async #exchange(opening: Opening, stream: RawStream): Promise<void> {
    if (opening === 'none') {
      return;
    }
    const { nonce } = await stream.receive('challenge');
    stream.send({ case: 'hello', value: this.#hello(nonce) });
    if (opening === 'open') {
      const welcome = await stream.receive('welcome');
      this.#highestEpoch = welcome.epoch;
      this.#ackedSeq = welcome.ackedSeq;
    }
  }

  #hello(nonce: Uint8Array) {
    const claim = {
      novaClusterId: this.cluster.novaClusterId,
      processInstance: this.#processInstance,
      incarnation: this.#incarnation,
    };
    const text = signedText(
      {
        signatureOf: 'hello',
        by: 'the present key',
        frame: claim,
        nonce,
        clusterId: this.cluster.novaClusterId,
      },
      this.#manager.installationId,
    );
    return {
      protocolVersion: 1,
      capabilities: ['calls', 'held-states', 'key-rotation'],
      ...claim,
      ackedSeq: this.#ackedSeq,
      assignedSeq: this.#ackedSeq,
      highestEpoch: this.#highestEpoch,
      signature: sign(null, text, this.#key.privateKey),
    };
  }

  /** Opens a session as an honest operator does, has a record acknowledged, and says Bye. */
  async sendRecord(): Promise<void> {
    const stream = await this.open('open');
    const seq = this.#ackedSeq + 1n;
    stream.send({ case: 'digest', value: {} });
    stream.send({ case: 'eventBatch', value: { events: [record(seq)] } });
    for (let acked = 0n; acked < seq; ) {
      acked = (await stream.receive('eventAck')).ackedSeq;
    }
    this.#ackedSeq = seq;
    stream.send({ case: 'bye', value: { reason: 'done' } });
    stream.finish('half-close');
    const end = await stream.ended();
    stream.close();
    if (!('status' in end) || end.status !== 0) {
      throw new Error(`An honest session ended with ${JSON.stringify(end)}`);
    }
  }
}

function record(seq: bigint) {
  const hourMs = FIRST_HOUR_MS + Number(seq) * HOUR_MS;
  return {
    seq,
    key: `usage/acme/${new Date(hourMs).toISOString()}`,
    observedAt: timestampFromMs(hourMs),
    body: {
      case: 'usageRecord' as const,
      value: {
        tenant: 'acme',
        hour: timestampFromMs(hourMs),
        minutes: 1n,
        meters: [],
      },
    },
  };
}
