import type { LinkEvent, OperatorEvent } from '../link/types';

/** Those of the events that are of one type, in their order. */
export function eventsOf<E extends LinkEvent, T extends E['type']>(
  events: ReadonlyArray<OperatorEvent<E>>,
  type: T,
): Array<OperatorEvent<Extract<E, { type: T }>>> {
  return events.filter(
    (told): told is OperatorEvent<Extract<E, { type: T }>> =>
      told.event.type === type,
  );
}
