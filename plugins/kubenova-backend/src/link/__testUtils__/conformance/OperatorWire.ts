import { createClient, ConnectError } from '@connectrpc/connect';
import {
  createGrpcTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import { LinkService } from '@kubenova/proto';
import {
  EndCode,
  Signed,
  signedText,
  Signer,
  Wire,
  WireStream,
} from '@kubenova/proto/conformance/index.ts';
import { generateKeyPairSync, KeyObject, randomUUID, sign } from 'node:crypto';
import { TestLink } from '../TestLink';
import { TestCluster } from '../testDatabase';
import { nameOf, OperatorStream } from './OperatorStream';

/** The operator's side of a transcript, over the real wire protocol to the Manager's real listener. */
export class OperatorWire implements Wire, Signer {
  readonly cluster: TestCluster;
  readonly #link: TestLink;
  readonly #token: string;
  readonly #connections: Http2SessionManager[] = [];
  readonly #key = generateKeyPairSync('ed25519');
  readonly #nextKey = generateKeyPairSync('ed25519');

  /** The operator of a new cluster, which has enrolled. */
  static async create(link: TestLink): Promise<OperatorWire> {
    const { operator, token } = await link.newOperator();
    const wire = new OperatorWire(link, operator.cluster, token);
    await wire.enroll('good', 'OK');
    return wire;
  }

  private constructor(link: TestLink, cluster: TestCluster, token: string) {
    this.#link = link;
    this.cluster = cluster;
    this.#token = token;
  }

  async dial(): Promise<WireStream> {
    const { client, connections } = this.#connect();
    return new OperatorStream({
      connect: (requests, signal) => client.connect(requests, { signal }),
      disconnect: () => connections.abort(),
    });
  }

  async enroll(
    token: 'good' | 'unknown' | 'used by another key',
    code: EndCode,
  ): Promise<void> {
    const { client } = this.#connect();
    const { publicKey } =
      token === 'used by another key'
        ? generateKeyPairSync('ed25519')
        : this.#key;
    const request = {
      joinToken: token === 'unknown' ? randomUUID() : this.#token,
      novaClusterId: this.cluster.novaClusterId,
      publicKey: raw(publicKey),
    };
    const outcome = await client.enroll(request).then(
      () => 'OK',
      error => nameOf(ConnectError.from(error).code),
    );
    if (outcome !== code) {
      throw new Error(`Enroll was answered with ${outcome}`);
    }
  }

  sign(signed: Signed): Uint8Array {
    const text = signedText(signed, this.#link.link.address.installationId);
    const key = signed.by === 'the present key' ? this.#key : this.#nextKey;
    return sign(null, text, key.privateKey);
  }

  verify(): void {
    throw new Error('The Manager signs nothing');
  }

  nextPublicKey(): Uint8Array {
    return raw(this.#nextKey.publicKey);
  }

  disconnect(): void {
    this.#connections.forEach(connections => connections.abort());
  }

  #connect() {
    const connections = new Http2SessionManager(
      this.#link.url,
      {},
      { ca: this.#link.link.address.caPem },
    );
    this.#connections.push(connections);
    const transport = createGrpcTransport({
      baseUrl: this.#link.url,
      sessionManager: connections,
    });
    return { client: createClient(LinkService, transport), connections };
  }
}

function raw(publicKey: KeyObject): Uint8Array {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return spki.subarray(spki.length - 32);
}
