/**
 * Sorts what will be written for several clusters. Link rows are locked in this one order everywhere, the ingest of events included, so
 * that no two transactions wait for each other.
 */
export function inClusterOrder<T>(
  items: readonly T[],
  clusterId: (item: T) => string,
): T[] {
  return [...items].sort((a, b) => (clusterId(a) < clusterId(b) ? -1 : 1));
}
