import Decimal from 'decimal.js';
import { METERS } from './meters';
import { countMinutes } from './minuteMap';
import type { MeterSums, UsageRecord } from './types';

type Seen = Pick<UsageRecord, 'minutes' | 'sums'>;

/**
 * Puts together what was seen of the same hour (E8): disjoint maps add up exactly, and a minute seen twice counts once.
 *
 * A record holds the sum over its minutes and not each of them. So of one that overlaps what is counted already, the minutes that are
 * new count with the record's mean; the ones with the most minutes are counted first, so that as little as possible is a mean.
 */
export function mergeRecords(records: readonly Seen[]): Seen {
  const byMinutes = [...records].sort(
    (a, b) => countMinutes(b.minutes) - countMinutes(a.minutes),
  );
  return byMinutes.reduce(add, { minutes: 0n, sums: noSums() });
}

function add(counted: Seen, record: Seen): Seen {
  const fresh = countMinutes(record.minutes & ~counted.minutes);
  if (fresh === 0) {
    return counted;
  }
  const seen = countMinutes(record.minutes);
  const sums = noSums();
  for (const meter of METERS) {
    const counts =
      fresh === seen
        ? record.sums[meter]
        : record.sums[meter].mul(fresh).div(seen);
    sums[meter] = counted.sums[meter].plus(counts);
  }
  return { minutes: counted.minutes | record.minutes, sums };
}

export function noSums(): MeterSums {
  const zero = new Decimal(0);
  return Object.fromEntries(METERS.map(meter => [meter, zero])) as MeterSums;
}
