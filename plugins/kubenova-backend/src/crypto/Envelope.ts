import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  randomBytes,
} from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

/**
 * Seals secrets for the database with AES-256-GCM.
 *
 * A sealed text is `v1.<key id>.<nonce>.<tag>.<ciphertext>`, the last three in base64url. The key id names the key without revealing
 * it, so that a key can be changed row by row. `context` binds a text to its place (such as `installation/ca` or a cluster's id): moved to
 * another row, it does not open.
 */
export class Envelope {
  readonly #key: Buffer;
  readonly #keyId: string;

  /** @throws Error with a sentence for the operator of the portal where `kubenova.encryptionKey` is missing or is not a key. */
  static fromConfig(config: Config): Envelope {
    const text = config.getOptionalString('kubenova.encryptionKey');
    if (!text) {
      throw new Error(
        "kubenova.encryptionKey is missing in the configuration: set it to 32 random bytes in base64, such as 'openssl rand -base64 32' prints, and keep it safe, because secrets in the database can't be read without it",
      );
    }
    const key = Buffer.from(text, 'base64');
    if (key.length !== KEY_BYTES) {
      throw new Error(
        `kubenova.encryptionKey has to be 32 bytes in base64, but is ${key.length}: 'openssl rand -base64 32' prints a good one`,
      );
    }
    return new Envelope(key);
  }

  private constructor(key: Buffer) {
    this.#key = key;
    this.#keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  }

  seal(plaintext: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce);
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const ciphertext = Buffer.concat([
      cipher.update(plaintext, 'utf8'),
      cipher.final(),
    ]);
    return [
      'v1',
      this.#keyId,
      ...[nonce, cipher.getAuthTag(), ciphertext].map(part =>
        part.toString('base64url'),
      ),
    ].join('.');
  }

  /** @throws InputError where the text was sealed with another key or for another context, or was changed. */
  open(sealed: string, context: string): string {
    const [version, keyId, ...parts] = sealed.split('.');
    if (version !== 'v1' || parts.length !== 3) {
      throw new InputError('This is not a sealed text');
    }
    if (keyId !== this.#keyId) {
      throw new InputError(
        `A secret in the database was sealed with another key (${keyId}) than kubenova.encryptionKey (${
          this.#keyId
        }): configure the key that it was sealed with`,
      );
    }
    const [nonce, tag, ciphertext] = parts.map(part =>
      Buffer.from(part, 'base64url'),
    );
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, {
      authTagLength: 16,
    });
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(tag);
    try {
      return Buffer.concat([
        decipher.update(ciphertext),
        decipher.final(),
      ]).toString('utf8');
    } catch (error) {
      throw new InputError(
        `A secret in the database does not open as '${context}': it was changed or belongs elsewhere`,
        error,
      );
    }
  }
}
