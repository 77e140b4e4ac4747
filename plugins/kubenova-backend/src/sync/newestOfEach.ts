import type { LinkEvent, OperatorEvent } from '../link/types';
import { isUuid } from '../router';

/**
 * Of all events about one object only the one that stays: of the newest generation, the last. To write it alone leaves a row as to write
 * all of them in their order would (E3). Events without the uid of a row are left out.
 */
export function newestOfEach<
  T extends LinkEvent & { uid: string; generation: number },
>(events: ReadonlyArray<OperatorEvent<T>>): Array<OperatorEvent<T>> {
  const newest = new Map<string, OperatorEvent<T>>();
  for (const told of events) {
    const { uid, generation } = told.event;
    const key = `${told.cluster.id}/${uid}`;
    const known = newest.get(key);
    if (isUuid(uid) && (!known || known.event.generation <= generation)) {
      newest.set(key, told);
    }
  }
  return [...newest.values()];
}
