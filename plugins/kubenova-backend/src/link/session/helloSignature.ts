import { createPublicKey, verify } from 'node:crypto';

/** What a Hello proves to be fresh and meant for this installation. */
export interface HelloClaim {
  nonce: Uint8Array;
  installationId: string;
  novaClusterId: string;
  processInstance: string;
  incarnation: string;
}

const RAW_KEY_BYTES = 32;
/** The SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The bytes that an operator signs: see Hello.signature in link.proto. */
export function helloPayload(claim: HelloClaim): Buffer {
  const lines = [
    'kubenova.link.v1.Hello',
    Buffer.from(claim.nonce).toString('hex'),
    claim.installationId,
    claim.novaClusterId,
    claim.processInstance,
    claim.incarnation,
  ];
  return Buffer.from(lines.map(line => `${line}\n`).join(''), 'utf8');
}

/** The key, raw Ed25519, that the signature over the claim was made with the private half of; `undefined` for none of them. */
export function signingKeyOf(
  claim: HelloClaim,
  signature: Uint8Array,
  keys: readonly Uint8Array[],
): Uint8Array | undefined {
  return keys.find(key => isSignedBy(key, helloPayload(claim), signature));
}

/** Whether the signature over the bytes was made with the private half of a raw Ed25519 key. */
export function isSignedBy(
  publicKey: Uint8Array,
  payload: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== RAW_KEY_BYTES) {
    return false;
  }
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, publicKey]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, payload, key, signature);
}
