import { DateTime } from 'luxon';
import type { Condition } from '../link/types';

export const NOT_OBSERVED_MESSAGE =
  'Not observed in the last snapshot of the datacenter: what was told of it before may no longer be true.';

/** The condition of an object that the last snapshot did not name (E7). */
export function notObservedCondition(since: DateTime): Condition {
  return {
    type: 'Observed',
    status: 'False',
    reason: 'NotObserved',
    message: NOT_OBSERVED_MESSAGE,
    lastTransitionAt: since,
  };
}

/** The column `not_observed_at`. */
export function toNotObservedAt(column: Date | null): DateTime | undefined {
  return column ? DateTime.fromJSDate(column, { zone: 'utc' }) : undefined;
}
