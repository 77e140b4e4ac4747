import { DateTime } from 'luxon';
import type { UsageHour } from '@kubenova/plugin-kubenova-common';

/** Hours in a row of which nothing is known; the end is not included. */
export type Gap = { from: DateTime; to: DateTime };

export function isWithoutData(hour: UsageHour): boolean {
  return hour.quantities === undefined;
}

export function isPartlySeen(hour: UsageHour): boolean {
  return !isWithoutData(hour) && hour.minutesSeen < 60;
}

/** The gaps of a series, whose hours are in order. */
export function gapsOf(hours: readonly UsageHour[]): Gap[] {
  const gaps: Gap[] = [];
  for (const hour of hours.filter(isWithoutData)) {
    const from = DateTime.fromISO(hour.hour, { zone: 'utc' });
    const to = from.plus({ hours: 1 });
    const last = gaps[gaps.length - 1];
    if (last?.to.equals(from)) {
      last.to = to;
    } else {
      gaps.push({ from, to });
    }
  }
  return gaps;
}

/** "02:00–04:00", with days where it is not within one of today's. */
export function spanOf({ from, to }: Gap): string {
  const isOneDay = from.hasSame(to.minus({ milliseconds: 1 }), 'day');
  const end = to.toFormat(isOneDay ? 'HH:mm' : 'LLL d HH:mm');
  return `${from.toFormat('LLL d HH:mm')}–${end}`;
}
