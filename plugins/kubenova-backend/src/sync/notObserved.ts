import { DateTime } from 'luxon';
import type { Condition } from '../link/types';

export const NOT_OBSERVED_MESSAGE =
  'Not observed in the last snapshot of the datacenter: what was told of it before may no longer be true.';

/** The conditions of an object, and one more where the last snapshot did not name it (E7). */
export function withObserved(
  conditions: readonly Condition[],
  notObservedAt: DateTime | undefined,
): Condition[] {
  return notObservedAt
    ? [
        {
          type: 'Observed',
          status: 'False',
          reason: 'NotObserved',
          message: NOT_OBSERVED_MESSAGE,
          lastTransitionAt: notObservedAt,
        },
        ...conditions,
      ]
    : [...conditions];
}

/** The column `not_observed_at`. */
export function toNotObservedAt(column: Date | null): DateTime | undefined {
  return column ? DateTime.fromJSDate(column, { zone: 'utc' }) : undefined;
}
