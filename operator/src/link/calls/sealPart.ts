/** Parts of answers are encrypted to the replica that asks, so that nobody on the way can read them: not the database either (S8). */
import { CompactEncrypt } from 'jose';
import { createPublicKey, type KeyObject } from 'node:crypto';

/** How much of an answer goes into one part: with what the encryption adds it stays below 20 KiB. */
export const PART_BYTES = 14 * 1024;

/** @throws Error where it is no X25519 key, raw, of 32 bytes. */
export function readRecipientKey(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x },
    format: 'jwk',
  });
}

/** A compact JWE. Its protected header names call and index, so that parts can't be exchanged. */
export async function sealPart(
  part: Uint8Array,
  to: { recipient: KeyObject; id: string; index: number },
): Promise<Uint8Array> {
  const { recipient, id, index } = to;
  const jwe = await new CompactEncrypt(part)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', id, index })
    .encrypt(recipient);
  return Buffer.from(jwe);
}
