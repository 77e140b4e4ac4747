/** What a process holds after its garbage was collected. */
export type Holdings = {
  heapUsed: number;
  /** Sockets, HTTP/2 sessions, timers and the like, by kind. */
  resources: string[];
};

/** What compilers and caches still take after the first volleys, until they give it back: about a fifth, as seen over 450 volleys. */
const HEAP_ROOM = 1.3;

/** Whether the heap is as large as it was. */
export function isWithinHeap(now: Holdings, start: Holdings): boolean {
  return now.heapUsed < start.heapUsed * HEAP_ROOM;
}

/** The kinds of which more is open now, with how many more. */
export function grownResources(
  now: Holdings,
  start: Holdings,
): Record<string, number> {
  const grown: Record<string, number> = {};
  for (const kind of new Set(now.resources)) {
    const more = count(now.resources, kind) - count(start.resources, kind);
    if (more > 0) {
      grown[kind] = more;
    }
  }
  return grown;
}

function count(resources: readonly string[], kind: string): number {
  return resources.filter(each => each === kind).length;
}
