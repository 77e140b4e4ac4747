import { DateTime } from 'luxon';
import type { Condition } from '../link/types';
import type { Condition as ConditionModel } from '../schema/openapi/generated/models';

/** A condition as a jsonb column holds it. */
export type StoredCondition = Omit<Condition, 'lastTransitionAt'> & {
  lastTransitionAt?: string;
};

export function toStoredConditions(
  conditions: readonly Condition[],
): StoredCondition[] {
  return conditions.map(({ lastTransitionAt, ...condition }) => ({
    ...condition,
    ...(lastTransitionAt && {
      lastTransitionAt: lastTransitionAt.toUTC().toISO() ?? undefined,
    }),
  }));
}

export function toConditions(stored: readonly StoredCondition[]): Condition[] {
  return stored.map(({ lastTransitionAt, ...condition }) => ({
    ...condition,
    ...(lastTransitionAt && {
      lastTransitionAt: DateTime.fromISO(lastTransitionAt, { zone: 'utc' }),
    }),
  }));
}

export function toConditionModels(
  conditions: readonly Condition[],
): ConditionModel[] {
  return conditions.map(({ lastTransitionAt, ...condition }) => ({
    ...condition,
    ...(lastTransitionAt && { lastTransitionAt: lastTransitionAt.toJSDate() }),
  }));
}
