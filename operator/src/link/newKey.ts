/** The answer to RotateKey: a key that is stored, signed by the present one and by itself (S7). */
import type { RotateKey } from '@kubenova/proto';
import type { Identity } from './handshake.ts';
import type { OperatorKeys } from './OperatorKeys.ts';

/** Resolves when the key is stored. */
export async function prepareNewKey(
  { id }: RotateKey,
  options: { keys: OperatorKeys; identity: Identity },
) {
  const { keys, identity } = options;
  const next = await keys.prepareNext();
  const publicKey = next.publicKey();
  const text = newKeyText({ ...identity, id, publicKey });
  return {
    id,
    publicKey,
    signature: keys.present.sign(text),
    proof: next.sign(text),
  };
}

/** What is signed: lines, each ended by a line feed, as link.proto defines them. */
export function newKeyText(claims: {
  id: string;
  installationId: string;
  clusterId: string;
  publicKey: Uint8Array;
}): Uint8Array {
  const lines = [
    'kubenova.link.v1.NewKey',
    claims.id,
    claims.installationId,
    claims.clusterId,
    Buffer.from(claims.publicKey).toString('hex'),
  ];
  return Buffer.from(lines.map(line => `${line}\n`).join(''), 'utf8');
}
