import { isError } from '@backstage/errors';
import { Digest, HeldState as HeldStateFrame } from '@kubenova/proto';
import { createHash } from 'node:crypto';
import { HeldKey } from '../behind/compareDigest';
import { HeldState } from '../behind/operations/recordHeldStates';
import { deliveryRank } from '../outbox/deliveryRank';
import { ProtocolError } from './ProtocolError';

const SHA256_BYTES = 32;
const NUL = '\0';

/** @throws ProtocolError where the digest is not one that an operator can have made. */
export function readDigest(frame: Digest): HeldKey[] {
  const keys = new Set<string>();
  return frame.entries.map(entry => {
    const { key, uid, sha256, deleted } = entry;
    checkKey(key);
    if (keys.has(key)) {
      throw new ProtocolError(`The digest names '${key}' twice`);
    }
    keys.add(key);
    if (!uid || sha256.length !== (deleted ? 0 : SHA256_BYTES)) {
      throw new ProtocolError(
        `The digest of '${key}' needs a uid, and 32 bytes of SHA-256 unless it is deleted`,
      );
    }
    const generation = readGeneration(key, entry.generation);
    return { key, generation, uid, sha256, deleted };
  });
}

/** @throws ProtocolError where the state is not the one of its hash, or no text. */
export function readHeldState(frame: HeldStateFrame): HeldState {
  const { key, uid, content } = frame;
  if (content.case === undefined) {
    return { key, uid, generation: 0 };
  }
  const generation = readGeneration(key, frame.generation);
  if (content.case === 'tombstone') {
    return { key, uid, generation };
  }
  const sha256 = createHash('sha256').update(content.value).digest();
  if (!sha256.equals(frame.sha256)) {
    throw new ProtocolError(`The YAML of '${key}' is not that of its hash`);
  }
  return {
    key,
    uid,
    generation,
    yaml: { text: textOf(key, content.value), sha256 },
  };
}

function readGeneration(key: string, generation: bigint): number {
  if (generation < 1n || generation > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ProtocolError(
      `${generation} can't be a generation of '${key}': they count from 1`,
    );
  }
  return Number(generation);
}

function checkKey(key: string): void {
  try {
    deliveryRank(key, false);
  } catch (error) {
    throw new ProtocolError(isError(error) ? error.message : String(error));
  }
}

function textOf(key: string, bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes) || text.includes(NUL)) {
    throw new ProtocolError(`The YAML of '${key}' is no text in UTF-8`);
  }
  return text;
}
