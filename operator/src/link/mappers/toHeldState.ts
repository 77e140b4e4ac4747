import type { DesiredState } from '../types.ts';

/** What is held of a key, as it was received; without a state, that nothing is (D9). */
export function toHeldState(
  key: string,
  held: (DesiredState & { sha256: Uint8Array }) | undefined,
) {
  if (!held) {
    return { key };
  }
  const { uid, sha256, yaml } = held;
  return {
    key,
    uid,
    sha256,
    generation: BigInt(held.generation),
    content:
      yaml === undefined
        ? { case: 'tombstone' as const, value: {} }
        : { case: 'yaml' as const, value: Buffer.from(yaml) },
  };
}
