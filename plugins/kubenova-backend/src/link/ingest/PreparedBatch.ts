import { Event } from '@kubenova/proto';
import { DateTime } from 'luxon';
import { EventPosition, OperatorEvent } from '../types';
import { mapEvent, toDateTime } from './mapEvent';
import { IngestBatch } from './types';

/** A snapshot's mark, where it stands (E7). */
export interface PlacedMark {
  id: string;
  end: boolean;
  position: EventPosition;
}

/** What an event comes to. */
export interface PreparedEvent {
  frame: Event;
  /** In the domains' words; absent for a mark, and for what can't be read. */
  told?: OperatorEvent;
  mark?: PlacedMark;
  /** Why it can't be read (E9). */
  unreadable?: unknown;
}

/** A batch in the domains' words: mapped once, before any transaction, however often it is tried. */
export interface PreparedBatch {
  batch: IngestBatch;
  toSeq: bigint;
  events: PreparedEvent[];
  /** When the operator saw the newest event, by its own clock. */
  newestObservedAt?: DateTime;
}

export function prepareBatch(batch: IngestBatch): PreparedBatch {
  const events = batch.events.map(frame => prepareEvent(frame, batch));
  const observed = events.flatMap(({ told }) =>
    told ? [told.event.observedAt] : [],
  );
  return {
    batch,
    toSeq: batch.events[batch.events.length - 1].seq,
    events,
    newestObservedAt:
      observed.length > 0 ? DateTime.max(...observed) : undefined,
  };
}

/** Maps one event; what can't be read is told, not thrown. */
export function prepareEvent(
  frame: Event,
  source: Pick<IngestBatch, 'cluster' | 'epoch' | 'incarnation'>,
): PreparedEvent {
  const { cluster, epoch, incarnation } = source;
  const position: EventPosition = [epoch, Number(frame.seq)];
  if (frame.body.case === 'snapshotMark') {
    const { id, end } = frame.body.value;
    return { frame, mark: { id, end, position } };
  }
  try {
    const event = mapEvent(frame, incarnation);
    return { frame, told: { cluster, incarnation, position, event } };
  } catch (unreadable) {
    return { frame, unreadable };
  }
}

/** When the operator saw an event, as far as that can be read. */
export function observedAtOf(frame: Event): DateTime | undefined {
  try {
    return toDateTime(frame.observedAt);
  } catch {
    return undefined;
  }
}
