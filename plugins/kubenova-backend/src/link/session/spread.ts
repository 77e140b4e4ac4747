import { SessionClock } from './types';

/** A random period around one: up to this part of it shorter or longer, so that what began together does not end together. */
export function spread(
  clock: Pick<SessionClock, 'randomBytes'>,
  periodMs: number,
  part: number,
): number {
  const bytes = clock.randomBytes(4);
  const random = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return periodMs * (1 + part * ((2 * random) / 0xffff_ffff - 1));
}
