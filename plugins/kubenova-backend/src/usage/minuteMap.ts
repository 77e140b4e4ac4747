/** How many minutes a map holds: bit n is minute n. */
export function countMinutes(map: bigint): number {
  let count = 0;
  // Each step takes away the lowest bit that is set.
  for (let rest = map; rest > 0n; rest &= rest - 1n) {
    count += 1;
  }
  return count;
}
