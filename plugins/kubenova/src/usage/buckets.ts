import Decimal from 'decimal.js';
import { DateTime } from 'luxon';
import type { UsageSeries } from '@kubenova/plugin-kubenova-common';
import { isPartlySeen, isWithoutData } from './gaps';
import type { Meter } from './meters';

/** One bar of the chart. */
export type Bucket = {
  label: string;
  /** By tenant; without a value where nothing is known. For drawing only. */
  values: Record<string, number>;
  /** Whether something is not known of it at all. */
  hasGap: boolean;
  isPartial: boolean;
};

export type BucketSize = 'hour' | 'day';

/** Sums up one meter by hour or day and tenant, in order of time. */
export function bucketsOf(
  series: readonly UsageSeries[],
  meter: Meter,
  size: BucketSize,
): Bucket[] {
  const buckets = new Map<string, Bucket>();
  const sums = new Map<string, Decimal>();
  for (const { tenant, hours } of series) {
    for (const hour of hours) {
      const start = DateTime.fromISO(hour.hour, { zone: 'utc' }).startOf(size);
      const key = start.toISO() ?? hour.hour;
      const bucket = buckets.get(key) ?? {
        label: start.toFormat(size === 'hour' ? 'LLL d HH:mm' : 'LLL d'),
        values: {},
        hasGap: false,
        isPartial: false,
      };
      buckets.set(key, bucket);
      bucket.hasGap ||= isWithoutData(hour);
      bucket.isPartial ||= isPartlySeen(hour);
      if (hour.quantities) {
        const sumKey = `${key} ${tenant}`;
        const sum = (sums.get(sumKey) ?? new Decimal(0)).plus(
          hour.quantities[meter],
        );
        sums.set(sumKey, sum);
        bucket.values[tenant] = sum.toNumber();
      }
    }
  }
  return [...buckets]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, bucket]) => bucket);
}
