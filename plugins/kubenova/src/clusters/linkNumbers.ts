const MIB = 1024 * 1024;

/** Bytes as people read them. */
export function inMib(bytes: number): string {
  const mib = bytes / MIB;
  return `${mib > 0 && mib < 0.1 ? '< 0.1' : Math.round(mib * 10) / 10} MiB`;
}

/** A part of a whole, in whole percent. Of nothing it is nothing. */
export function percentOf(part: number, whole: number): number {
  return whole > 0 ? Math.min(100, Math.round((part / whole) * 100)) : 0;
}
