/** What an operator holds of a key: a line of its digest (D10). */
export interface HeldKey {
  key: string;
  generation: number;
  uid: string;
  /** 32 bytes; empty for a tombstone. */
  sha256: Uint8Array;
  deleted: boolean;
}

/** What the Manager knows of a key. */
export interface KnownKey {
  key: string;
  generation: number;
  uid: string;
  sha256: Uint8Array;
  tombstone: boolean;
  /** 0 where the operator holds nothing, as far as is known. */
  acceptedGeneration: number;
  /** The operator accepted this generation and stored nothing, because its guard refused it. */
  refused: boolean;
  /** The tombstone was confirmed. */
  confirmed: boolean;
}

/**
 * How the Manager lost its past of a key (D9).
 *
 * - `unknown`: the Manager does not know the key.
 * - `newer`: the operator holds a higher generation.
 * - `different`: it holds the same generation of something else.
 * - `diverged`: the Manager has written a higher generation, without knowing of what the operator holds.
 */
export type Difference = 'unknown' | 'newer' | 'different' | 'diverged';

export interface DigestComparison {
  /** What the operator really holds, where the Manager has it otherwise: the key is sent again where that is less. */
  repairs: Array<{ key: string; acceptedGeneration: number; reopen: boolean }>;
  lost: Array<HeldKey & { difference: Difference }>;
}

/**
 * Compares what an operator holds with what the Manager knows (D9, D10).
 *
 * 1. What the operator has less of is sent again: what was accepted is what it says, also where its journal went back or was lost.
 * 2. What it has more of, or otherwise, the Manager must have forgotten. That is never repaired here.
 * 3. A refused generation is not held, and is not sent again: only a newer one helps.
 *
 * @param options.lostAfter - generations above it were given out by a past that the Manager does not know.
 */
export function compareDigest(options: {
  held: readonly HeldKey[];
  known: readonly KnownKey[];
  lostAfter?: number;
}): DigestComparison {
  const held = new Map(options.held.map(state => [state.key, state]));
  const known = new Map(options.known.map(state => [state.key, state]));
  const comparison: DigestComparison = { repairs: [], lost: [] };
  for (const state of options.held) {
    const difference = differenceOf(
      state,
      known.get(state.key),
      options.lostAfter,
    );
    if (difference) {
      comparison.lost.push({ ...state, difference });
    }
  }
  const lost = new Set(comparison.lost.map(({ key }) => key));
  for (const state of options.known) {
    const repair = lost.has(state.key)
      ? undefined
      : repairOf(state, held.get(state.key));
    if (repair) {
      comparison.repairs.push({ key: state.key, ...repair });
    }
  }
  return comparison;
}

function differenceOf(
  held: HeldKey,
  known: KnownKey | undefined,
  lostAfter: number | undefined,
): Difference | undefined {
  if (!known) {
    return 'unknown';
  }
  if (held.generation > known.generation) {
    return 'newer';
  }
  if (held.generation === known.generation) {
    return isSame(held, known) ? undefined : 'different';
  }
  if (held.generation <= known.acceptedGeneration) {
    return undefined; // it held more once: its journal went back
  }
  const isOfLostPast = lostAfter !== undefined && held.generation > lostAfter;
  // A name is used again only after a tombstone, which the operator would hold.
  const isAnother = !held.deleted && held.uid !== known.uid;
  return isOfLostPast || isAnother ? 'diverged' : undefined;
}

function isSame(held: HeldKey, known: KnownKey): boolean {
  return (
    held.deleted === known.tombstone &&
    held.uid === known.uid &&
    Buffer.from(held.sha256).equals(known.sha256)
  );
}

function repairOf(
  known: KnownKey,
  held: HeldKey | undefined,
): { acceptedGeneration: number; reopen: boolean } | undefined {
  if (known.confirmed) {
    // The operator forgets a confirmed tombstone in the end. One that it holds less than is one that its journal forgot, and what
    // was deleted may be made again.
    const forgotten = held && held.generation < known.generation;
    return forgotten
      ? { acceptedGeneration: held.generation, reopen: true }
      : undefined;
  }
  const acceptedGeneration = held?.generation ?? 0;
  return known.refused || acceptedGeneration === known.acceptedGeneration
    ? undefined
    : { acceptedGeneration, reopen: false };
}
