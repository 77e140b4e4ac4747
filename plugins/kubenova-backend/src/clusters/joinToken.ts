import { createHash } from 'node:crypto';

/** Lets people and secret scanners see what a leaked string is. */
const PREFIX = 'knj_';

/** @param random - 32 bytes from a cryptographic source. */
export function joinTokenOf(random: Buffer): string {
  return `${PREFIX}${random.toString('base64url')}`;
}

/** What is kept of a token. It is random, so a plain hash can't be guessed back. */
export function joinTokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
