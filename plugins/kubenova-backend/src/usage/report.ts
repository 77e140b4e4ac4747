import type { DateTime } from 'luxon';
import type {
  UsageHour,
  UsageQuantities,
  UsageSeries,
} from '../schema/openapi/generated/models';
import { mergeRecords, noSums } from './mergeRecords';
import { METER_DEFINITIONS, METERS } from './meters';
import { countMinutes } from './minuteMap';
import type { MeterSums, UsageRecord } from './types';
import type { UsageSource } from './UsageStore';

const MINUTES = 60;

/** Every hour of the range for one tenant in one cluster; an hour in which nothing was seen has no quantities, which is not zero. */
export function usageSeries(
  source: UsageSource,
  range: { from: DateTime; to: DateTime },
  records: readonly UsageRecord[],
): UsageSeries {
  const byHour = groupByHour(source, records);
  const total = noSums();
  const hours: UsageHour[] = [];
  for (let hour = range.from; hour < range.to; hour = hour.plus({ hours: 1 })) {
    const { minutes, sums } = mergeRecords(byHour.get(hour.toMillis()) ?? []);
    const minutesSeen = countMinutes(minutes);
    hours.push({
      hour: hour.toJSDate(),
      minutesSeen,
      ...(minutesSeen > 0 && { quantities: toQuantities(sums) }),
    });
    METERS.forEach(meter => {
      total[meter] = total[meter].plus(sums[meter]);
    });
  }
  return {
    tenant: source.tenant,
    cluster: source.cluster.name,
    hours,
    hoursWithoutData: hours.filter(h => h.minutesSeen === 0).length,
    hoursPartlySeen: hours.filter(
      h => h.minutesSeen > 0 && h.minutesSeen < MINUTES,
    ).length,
    total: toQuantities(total),
  };
}

function groupByHour(
  source: UsageSource,
  records: readonly UsageRecord[],
): Map<number, UsageRecord[]> {
  const byHour = new Map<number, UsageRecord[]>();
  for (const record of records) {
    if (
      record.tenant === source.tenant &&
      record.cluster.id === source.cluster.id
    ) {
      const hour = record.hour.toMillis();
      byHour.set(hour, [...(byHour.get(hour) ?? []), record]);
    }
  }
  return byHour;
}

/** In hours, in plain notation. */
function toQuantities(sums: MeterSums): UsageQuantities {
  const quantities = METERS.map(meter => {
    const { shownAs, perShown } = METER_DEFINITIONS[meter];
    return [shownAs, sums[meter].div(perShown).toDecimalPlaces(9).toFixed()];
  });
  return Object.fromEntries(quantities) as UsageQuantities;
}
