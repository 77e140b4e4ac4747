import { DateTime } from 'luxon';
import { seriesOf } from '../__testUtils__/usageFixtures';
import { bucketsOf } from './buckets';
import { gapsOf, spanOf } from './gaps';
import { periodOf } from './range';
import { rowsOf, shown, totalOf } from './rows';

const START = '2026-11-24T00:00:00.000Z';
const CPU = 'cpuRequestCoreHours';

describe('usage', () => {
  it('adds up to what the rows show, to the last digit', () => {
    const rows = rowsOf([
      seriesOf('acme', 'fra1', START, [{ cpu: '0.0004' }], '0.0004'),
      seriesOf('globex', 'fra1', START, [{ cpu: '0.0004' }], '0.0004'),
      seriesOf('initech', 'fra1', START, [{ cpu: '1.0006' }], '1.0006'),
    ]);
    expect(rows.map(row => shown(row.amounts[CPU]))).toEqual([
      '0.000',
      '0.000',
      '1.001',
    ]);
    expect(shown(totalOf(rows)[CPU])).toBe('1.001');
  });

  it('sums a tenant up over its datacenters without losing decimals', () => {
    const [row] = rowsOf([
      seriesOf('acme', 'ams1', START, [{ cpu: '0.1' }], '0.1'),
      seriesOf('acme', 'fra1', START, [{ cpu: '0.2' }], '0.2'),
    ]);
    expect(shown(row.amounts[CPU])).toBe('0.300');
  });

  it('of which nothing was seen is unknown, not zero', () => {
    const rows = rowsOf([
      seriesOf('acme', 'fra1', START, ['nothing', 'nothing'], '0'),
      seriesOf('globex', 'fra1', START, [{ cpu: '0' }, { cpu: '0' }], '0'),
    ]);
    expect(rows.map(row => shown(row.amounts[CPU]))).toEqual(['—', '0.000']);
    expect(shown(totalOf(rows.slice(0, 1))[CPU])).toBe('—');
  });

  it('names the hours in a row of which nothing was seen', () => {
    const seen = { cpu: '1' };
    const { hours } = seriesOf(
      'acme',
      'fra1',
      START,
      [seen, seen, 'nothing', 'nothing', seen, 'nothing'],
      '4',
    );
    expect(gapsOf(hours).map(spanOf)).toEqual([
      'Nov 24 02:00–04:00',
      'Nov 24 05:00–06:00',
    ]);
  });

  it('names the day on which a gap ends where it is another', () => {
    const { hours } = seriesOf(
      'acme',
      'fra1',
      '2026-11-24T23:00:00.000Z',
      ['nothing', 'nothing'],
      '0',
    );
    expect(gapsOf(hours).map(spanOf)).toEqual(['Nov 24 23:00–Nov 25 01:00']);
  });

  it('has no value in a bar that nobody saw, and marks it', () => {
    const buckets = bucketsOf(
      [
        seriesOf('acme', 'fra1', START, [{ cpu: '1' }, 'nothing'], '1'),
        seriesOf(
          'globex',
          'fra1',
          START,
          [{ cpu: '0', minutes: 30 }, { cpu: '2' }],
          '2',
        ),
      ],
      CPU,
      'hour',
    );
    expect(buckets).toEqual([
      {
        label: 'Nov 24 00:00',
        values: { acme: 1, globex: 0 },
        hasGap: false,
        isPartial: true,
      },
      {
        label: 'Nov 24 01:00',
        values: { globex: 2 },
        hasGap: true,
        isPartial: false,
      },
    ]);
  });

  it('is asked for hours that are over', () => {
    const now = DateTime.fromISO('2026-11-24T06:42:00Z', { zone: 'utc' });
    const { from, to } = periodOf('24h', now);
    expect([from.toISO(), to.toISO()]).toEqual([
      '2026-11-23T06:00:00.000Z',
      '2026-11-24T06:00:00.000Z',
    ]);
  });
});
