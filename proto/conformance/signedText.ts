import type { Signed } from './bindings.ts';

/** What an operator signs, as link.proto defines it: written anew here, so that it agrees with neither end by chance. */
export function signedText(signed: Signed, installationId: string): Uint8Array {
  const { nonce, frame, clusterId } = signed;
  const lines =
    signed.signatureOf === 'hello'
      ? [
          'kubenova.link.v1.Hello',
          hex(nonce),
          installationId,
          frame.novaClusterId,
          frame.processInstance,
          frame.incarnation,
        ]
      : [
          'kubenova.link.v1.NewKey',
          frame.id,
          installationId,
          clusterId,
          hex(frame.publicKey as Uint8Array),
        ];
  return new TextEncoder().encode(lines.map(line => `${line}\n`).join(''));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
