import { DateTime } from 'luxon';
import type {
  UsageHour,
  UsageQuantities,
  UsageSeries,
} from '@kubenova/plugin-kubenova-common';

export function quantities(cpu: string): UsageQuantities {
  return {
    cpuRequestCoreHours: cpu,
    memoryRequestGibHours: '0',
    pvcCapacityGibHours: '0',
    loadBalancerHours: '0',
    namespaceHours: '0',
    podHours: '0',
    applicationHours: '0',
  };
}

type Seen = { cpu: string; minutes?: number } | 'nothing';

/** A series of hours from a start on, one by one as they were seen. */
export function seriesOf(
  tenant: string,
  cluster: string,
  start: string,
  seen: Seen[],
  total: string,
): UsageSeries {
  const hours = seen.map((one, index): UsageHour => {
    const hour = DateTime.fromISO(start, { zone: 'utc' }).plus({
      hours: index,
    });
    return {
      hour: hour.toISO() ?? '',
      minutesSeen: one === 'nothing' ? 0 : one.minutes ?? 60,
      ...(one !== 'nothing' && { quantities: quantities(one.cpu) }),
    };
  });
  return {
    tenant,
    cluster,
    hours,
    hoursWithoutData: hours.filter(h => !h.quantities).length,
    hoursPartlySeen: hours.filter(h => h.quantities && h.minutesSeen < 60)
      .length,
    total: quantities(total),
  };
}
