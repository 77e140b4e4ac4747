import { DateTime } from 'luxon';
import { makeClusters, makeTenant } from '../__testUtils__/platform';
import { AT, projecting } from '../__testUtils__/projecting';
import { expectRefusal, type Refusal } from '../__testUtils__/refusals';
import { useTestManager } from '../__testUtils__/useTestManager';
import type { UsageRecordEvent } from '../link/types';
import { DatabaseUsageStore } from './DatabaseUsageStore';
import { UsageProjection } from './projection';
import { UsageService } from './UsageService';

const FULL_HOUR = (1n << 60n) - 1n;
const HALF_HOUR = (1n << 30n) - 1n;
const DAY = 'from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z';

const record = (
  hour: string,
  told: Partial<UsageRecordEvent> = {},
): UsageRecordEvent => ({
  type: 'usageRecord',
  observedAt: AT,
  tenant: 'acme',
  hour: DateTime.fromISO(hour, { zone: 'utc' }),
  incarnation: 'one',
  minutes: FULL_HOUR,
  meters: [
    { meter: 'cpu_request', unit: 'core-minutes', quantity: '90' },
    {
      meter: 'memory_request',
      unit: 'byte-minutes',
      quantity: String(60 * 512 * 1024 ** 2),
    },
    { meter: 'pods', unit: 'count-minutes', quantity: '120' },
  ],
  ...told,
});

describe('the API of usage', () => {
  const manager = useTestManager();
  const store = new DatabaseUsageStore();
  const project = projecting(manager, new UsageProjection({ store }));

  beforeEach(async () => {
    await makeClusters(manager, 'fra1', 'ams1');
    await makeTenant(manager, 'acme', 'fra1');
  });

  const usage = async (query: string) =>
    (await manager.get(`/usage?${query}`).expect(200)).body;

  it('shows every hour, and those without data unlike zero', async () => {
    const zero = { meters: [] };
    await project('fra1', record('2026-11-23T02:00:00Z'));
    await project('fra1', record('2026-11-23T03:00:00Z', zero));
    const refs = await project(
      'fra1',
      record('2026-11-23T04:00:00Z', { minutes: HALF_HOUR }),
    );
    expect(refs).toEqual([{ kind: 'usage', tenant: 'acme' }]);
    const { from, to, series } = await usage(
      'from=2026-11-23T01:59:59Z&to=2026-11-23T05:30:00Z',
    );
    expect([from, to]).toEqual([
      '2026-11-23T01:00:00.000Z',
      '2026-11-23T05:00:00.000Z',
    ]);
    expect(series).toEqual([
      {
        tenant: 'acme',
        cluster: 'fra1',
        hoursWithoutData: 1,
        hoursPartlySeen: 1,
        hours: [
          { hour: '2026-11-23T01:00:00.000Z', minutesSeen: 0 },
          {
            hour: '2026-11-23T02:00:00.000Z',
            minutesSeen: 60,
            quantities: {
              cpuRequestCoreHours: '1.5',
              memoryRequestGibHours: '0.5',
              pvcCapacityGibHours: '0',
              loadBalancerHours: '0',
              namespaceHours: '0',
              podHours: '2',
              applicationHours: '0',
            },
          },
          {
            hour: '2026-11-23T03:00:00.000Z',
            minutesSeen: 60,
            quantities: expect.objectContaining({ podHours: '0' }),
          },
          {
            hour: '2026-11-23T04:00:00.000Z',
            minutesSeen: 30,
            quantities: expect.objectContaining({ podHours: '2' }),
          },
        ],
        total: expect.objectContaining({
          cpuRequestCoreHours: '3',
          memoryRequestGibHours: '1',
          podHours: '4',
        }),
      },
    ]);
  });

  it('counts a record that comes again once', async () => {
    await project('fra1', record('2026-11-23T02:00:00Z'));
    await project('fra1', record('2026-11-23T02:00:00Z'));
    expect((await usage(DAY)).series[0].total.podHours).toBe('2');
  });

  it('adds up what two lives of an operator saw of one hour', async () => {
    await project(
      'fra1',
      record('2026-11-23T02:00:00Z', { minutes: HALF_HOUR }),
    );
    await project(
      'fra1',
      record('2026-11-23T02:00:00Z', {
        incarnation: 'two',
        minutes: FULL_HOUR ^ HALF_HOUR,
      }),
    );
    const [{ hours, total }] = (await usage(DAY)).series;
    expect(hours[2].minutesSeen).toBe(60);
    expect(total.podHours).toBe('4');
  });

  it('expects usage where a tenant is placed, and keeps it where it no longer is', async () => {
    await project('ams1', record('2026-11-23T02:00:00Z', { tenant: 'old' }));
    const { series } = await usage(DAY);
    expect(
      series.map(
        (s: { tenant: string; cluster: string; hoursWithoutData: number }) => [
          s.tenant,
          s.cluster,
          s.hoursWithoutData,
        ],
      ),
    ).toEqual([
      ['acme', 'fra1', 24],
      ['old', 'ams1', 23],
    ]);
    expect((await usage(`${DAY}&tenant=old`)).series).toHaveLength(1);
    expect((await usage(`${DAY}&cluster=fra1`)).series).toHaveLength(1);
  });

  it('asks for no hour that is not over', async () => {
    const service = new UsageService({
      clock: () => DateTime.fromISO('2026-11-23T03:20:00Z', { zone: 'utc' }),
      database: manager.db,
      store,
    });
    const report = await service.report({
      from: '2026-11-23T01:00:00Z',
      to: '2026-11-24T00:00:00Z',
    });
    expect(report.to).toEqual(new Date('2026-11-23T03:00:00Z'));
    expect(report.series[0].hours).toHaveLength(2);
  });

  it.each<Refusal>([
    [
      'an unknown tenant',
      404,
      'TENANT_NOT_FOUND',
      () => manager.get(`/usage?${DAY}&tenant=x`),
    ],
    [
      'an unknown cluster',
      404,
      'CLUSTER_NOT_FOUND',
      () => manager.get(`/usage?${DAY}&cluster=x`),
    ],
    [
      'a range that ends before it begins',
      400,
      'RANGE_INVALID',
      () =>
        manager.get('/usage?from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z'),
    ],
    [
      'a range within one hour',
      400,
      'RANGE_INVALID',
      () =>
        manager.get('/usage?from=2026-11-24T00:00:00Z&to=2026-11-24T00:59:00Z'),
    ],
    [
      'more than 92 days',
      400,
      'RANGE_INVALID',
      () =>
        manager.get('/usage?from=2026-01-01T00:00:00Z&to=2026-04-04T00:00:00Z'),
    ],
    [
      'a time that is none',
      400,
      'INPUT_INVALID',
      () => manager.get('/usage?from=yesterday&to=2026-04-04T00:00:00Z'),
    ],
    ['no range', 400, 'INPUT_INVALID', () => manager.get('/usage')],
  ])('refuses %s', (...refusal) => expectRefusal(manager, refusal));
});
