import Decimal from 'decimal.js';
import { mergeRecords, noSums } from './mergeRecords';
import { countMinutes } from './minuteMap';

const FULL = (1n << 60n) - 1n;

/** Bits for the minutes from `from` to before `to`. */
const minutes = (from: number, to: number) =>
  ((1n << BigInt(to - from)) - 1n) << BigInt(from);
const seen = (map: bigint, pods: string) => ({
  minutes: map,
  sums: { ...noSums(), pods: new Decimal(pods) },
});
const merged = (...records: Parameters<typeof mergeRecords>[0]) => {
  const { minutes: map, sums } = mergeRecords(records);
  return [countMinutes(map), sums.pods.toFixed()];
};

describe('mergeRecords', () => {
  it('adds up disjoint maps exactly', () => {
    expect(
      merged(seen(minutes(0, 20), '0.1'), seen(minutes(20, 60), '0.2')),
    ).toEqual([60, '0.3']);
  });

  it('counts the same record once', () => {
    const record = seen(minutes(0, 30), '90');
    expect(merged(record, record, record)).toEqual([30, '90']);
  });

  it('counts a minute that was seen twice once', () => {
    const whole = seen(FULL, '120');
    expect(merged(seen(minutes(0, 10), '10'), whole)).toEqual([60, '120']);
    // The 20 new minutes of the second, of 30 with 3 pods each.
    expect(
      merged(seen(minutes(0, 40), '80'), seen(minutes(30, 60), '90')),
    ).toEqual([60, '140']);
  });

  it('does not depend on the order', () => {
    const records = [seen(minutes(0, 40), '80'), seen(minutes(30, 60), '90')];
    expect(merged(...records)).toEqual(merged(...records.reverse()));
  });

  it('sees nothing in nothing', () => {
    expect(merged()).toEqual([0, '0']);
  });
});

describe('countMinutes', () => {
  it('counts bits', () => {
    expect([0n, 1n, 0b1011n, FULL].map(countMinutes)).toEqual([0, 1, 3, 60]);
  });
});
