import { DateTime } from 'luxon';
import type { Condition } from '../link/types.ts';

/** A condition as it lies in an object's status. */
export type ObjectCondition = {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  observedGeneration: number;
  lastTransitionTime: string;
};

export type NewCondition = Pick<
  ObjectCondition,
  'type' | 'status' | 'reason' | 'message'
>;

/** The conditions to write: the time of one whose status stays is kept. */
export function conditionsAfter(options: {
  previous: ObjectCondition[];
  next: NewCondition[];
  observedGeneration: number;
  now: DateTime;
}): ObjectCondition[] {
  return options.next.map(condition => {
    const known = options.previous.find(({ type }) => type === condition.type);
    return {
      ...condition,
      observedGeneration: options.observedGeneration,
      lastTransitionTime:
        known?.status === condition.status
          ? known.lastTransitionTime
          : isoSeconds(options.now),
    };
  });
}

/** For the way up. */
export function toLinkConditions(
  conditions: ReadonlyArray<
    Partial<ObjectCondition> & Pick<ObjectCondition, 'type' | 'status'>
  >,
): Condition[] {
  return conditions.map(
    ({ type, status, reason, message, lastTransitionTime }) => ({
      type,
      status,
      ...(reason && { reason }),
      ...(message && { message }),
      ...(lastTransitionTime && {
        lastTransitionAt: DateTime.fromISO(lastTransitionTime, { zone: 'utc' }),
      }),
    }),
  );
}

/** Kubernetes' times have whole seconds. */
export function isoSeconds(time: DateTime): string {
  return time.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
