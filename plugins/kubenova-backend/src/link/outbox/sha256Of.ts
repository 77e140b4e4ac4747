import { createHash } from 'node:crypto';

/** The hash that goes with YAML on the wire and in digests (D2). */
export function sha256Of(yaml: string): Buffer {
  return createHash('sha256').update(yaml, 'utf8').digest();
}
