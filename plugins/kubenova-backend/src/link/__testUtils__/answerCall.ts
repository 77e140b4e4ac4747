import { Call } from '@kubenova/proto';
import { CompactEncrypt } from 'jose';
import { createPublicKey } from 'node:crypto';
import { ScriptedSession } from './ScriptedSession';

/** A part of an answer, encrypted as an operator does it; `as` says that it is another part than it is sent as. */
export async function sealedPart(
  call: Call,
  index: number,
  part: string | Uint8Array,
  as: { id?: string; index?: number } = {},
): Promise<Uint8Array> {
  const x = Buffer.from(call.recipientKey).toString('base64url');
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x },
    format: 'jwk',
  });
  const jwe = await new CompactEncrypt(
    typeof part === 'string' ? Buffer.from(part) : part,
  )
    .setProtectedHeader({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      id: as.id ?? call.id,
      index: as.index ?? index,
    })
    .encrypt(key);
  return Buffer.from(jwe);
}

/** Sends the parts of an answer from an index on, the last of them marked as such unless there are more. */
export async function answerCall(
  session: ScriptedSession,
  call: Call,
  parts: ReadonlyArray<string | Uint8Array>,
  options: { from?: number; more?: boolean } = {},
): Promise<void> {
  const { from = 0, more = false } = options;
  for (const [offset, part] of parts.entries()) {
    const index = from + offset;
    session.send({
      case: 'callChunk',
      value: {
        id: call.id,
        index,
        payload: await sealedPart(call, index, part),
        last: !more && offset === parts.length - 1,
      },
    });
  }
}
