import { compactDecrypt } from 'jose';
import { generateKeyPairSync, KeyObject } from 'node:crypto';
import { AnswerChunk } from './operations/storeChunks';

/** How long a compact JWE of a part may be: a part holds at most 14 KiB, which base64 and the header make about 19 KiB. */
export const MAX_JWE_BYTES = 24 * 1024;

/**
 * The key pair that one answer is encrypted to (S8). The private half stays in this object: the database, which the parts go through, and
 * its backups can't read them.
 */
export class RecipientKey {
  readonly #privateKey: KeyObject;
  /** X25519, raw, 32 bytes. */
  readonly publicKey: Uint8Array;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    this.#privateKey = privateKey;
    const { x = '' } = publicKey.export({ format: 'jwk' });
    this.publicKey = Buffer.from(x, 'base64url');
  }

  /**
   * What a part says.
   *
   * @throws Error where it is not encrypted to this key, or is another part than it claims to be: parts can't be exchanged.
   */
  async open(chunk: AnswerChunk): Promise<Uint8Array> {
    const { plaintext, protectedHeader } = await compactDecrypt(
      chunk.jwe,
      this.#privateKey,
      {
        keyManagementAlgorithms: ['ECDH-ES'],
        contentEncryptionAlgorithms: ['A256GCM'],
      },
    );
    const { id, index } = protectedHeader;
    if (id !== chunk.callId || index !== chunk.index) {
      throw new Error(
        `Part ${chunk.index} of the answer was sealed as part ${index} of ${id}`,
      );
    }
    return plaintext;
  }
}
