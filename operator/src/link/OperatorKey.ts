/** The operator's Ed25519 key: made in its own cluster, and never leaves it. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';

export class OperatorKey {
  readonly #privateKey: KeyObject;

  static generate(): OperatorKey {
    return new OperatorKey(generateKeyPairSync('ed25519').privateKey);
  }

  /** @throws Error where the text is not an Ed25519 private key. */
  static fromPem(pem: string): OperatorKey {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') {
      throw new Error(`The operator's key is not an Ed25519 key.`);
    }
    return new OperatorKey(key);
  }

  private constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
  }

  /** PKCS #8. */
  toPem(): string {
    return this.#privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  /** The raw public key: 32 bytes. */
  publicKey(): Uint8Array {
    const { x } = createPublicKey(this.#privateKey).export({ format: 'jwk' });
    return Buffer.from(x!, 'base64url');
  }

  /** As text, to compare and to keep. */
  fingerprint(): string {
    return Buffer.from(this.publicKey()).toString('base64');
  }

  sign(data: Uint8Array): Uint8Array {
    return sign(null, data, this.#privateKey);
  }
}
