import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { NewKey } from '@kubenova/proto';
import { isSignedBy } from './helloSignature';
import { Frame } from './Outbound';
import { ProtocolError } from './ProtocolError';
import { OpenLink } from './SessionState';

/** The capability of operators that can make a new key. */
export const KEY_ROTATION = 'key-rotation';

export type NextKeyOutcome =
  | 'kept'
  /** It is the present key, or one that was revoked. */
  | 'spent'
  /** Nobody wishes for it any more, or the session is not the newest. */
  | 'void';

/** The bytes that both keys sign: see NewKey in link.proto. */
export function newKeyPayload(claim: {
  id: string;
  installationId: string;
  novaClusterId: string;
  publicKey: Uint8Array;
}): Buffer {
  const lines = [
    'kubenova.link.v1.NewKey',
    claim.id,
    claim.installationId,
    claim.novaClusterId,
    Buffer.from(claim.publicKey).toString('hex'),
  ];
  return Buffer.from(lines.map(line => `${line}\n`).join(''), 'utf8');
}

/**
 * Replaces the operator's key without a gap (S7), as far as one session has to do with it.
 *
 * 1. The wish lies in the database and is told by each renewal of the session until it is met. It is passed on once a session, and
 *    again where its answer could not be kept.
 * 2. The new key is signed by the key of this session, so that nobody else can announce one, and signs itself, so that nobody
 *    announces somebody else's.
 * 3. It is kept beside the present key before the operator is asked to dial again. The present key goes when the new one has opened
 *    a session, in that transaction.
 */
export class KeyRotation {
  readonly #link: OpenLink;
  readonly #installationId: string;
  readonly #keep: (key: {
    rotationId: string;
    publicKey: Uint8Array;
  }) => Promise<NextKeyOutcome>;
  readonly #send: (frame: Frame) => void;
  readonly #kept: () => void;
  readonly #logger: LoggerService;
  #asked: string | undefined;
  #keeping: Promise<void> | undefined;

  constructor(options: {
    link: OpenLink;
    installationId: string;
    keep(key: {
      rotationId: string;
      publicKey: Uint8Array;
    }): Promise<NextKeyOutcome>;
    send(frame: Frame): void;
    /** The new key is good from now on: the operator is to dial with it. */
    kept(): void;
    logger: LoggerService;
  }) {
    this.#link = options.link;
    this.#installationId = options.installationId;
    this.#keep = options.keep;
    this.#send = options.send;
    this.#kept = options.kept;
    this.#logger = options.logger;
  }

  /** Asks the operator for a new key, where it can make one. */
  ask(rotationId: string): void {
    if (
      this.#asked !== rotationId &&
      this.#link.capabilities.includes(KEY_ROTATION)
    ) {
      this.#asked = rotationId;
      this.#send({ case: 'rotateKey', value: { id: rotationId } });
    }
  }

  /** @throws ProtocolError where it was not asked for, or is not signed by both keys. */
  receive(frame: NewKey): void {
    if (frame.id !== this.#asked || this.#keeping) {
      throw new ProtocolError(
        `No key was asked for with the id '${frame.id}', or it was given before`,
      );
    }
    const { id, publicKey } = frame;
    const payload = newKeyPayload({
      id,
      installationId: this.#installationId,
      novaClusterId: this.#link.novaClusterId,
      publicKey,
    });
    if (
      !isSignedBy(this.#link.publicKey, payload, frame.signature) ||
      !isSignedBy(publicKey, payload, frame.proof)
    ) {
      throw new ProtocolError(
        'The new key has to be signed by the key of this session, and by itself',
      );
    }
    this.#keeping = this.#keepNext({ rotationId: id, publicKey });
  }

  /** Returns when nothing is being written. */
  async settled(): Promise<void> {
    await this.#keeping;
  }

  async #keepNext(key: {
    rotationId: string;
    publicKey: Uint8Array;
  }): Promise<void> {
    const about = { cluster: this.#link.clusterName, epoch: this.#link.epoch };
    try {
      const outcome = await this.#keep(key);
      if (outcome === 'kept') {
        this.#logger.info('A new key of an operator is kept', about);
        this.#kept();
      } else {
        this.#logger.warn('A new key of an operator is not kept', {
          ...about,
          reason: outcome,
        });
      }
    } catch (error) {
      this.#logger.warn(
        'A new key of an operator could not be kept; it is asked again',
        { ...about, error: stringifyError(error) },
      );
      this.#asked = undefined;
    } finally {
      this.#keeping = undefined;
    }
  }
}
