import Decimal from 'decimal.js';
import { DateTime } from 'luxon';
import { noSums } from './mergeRecords';
import { METER_DEFINITIONS, METERS } from './meters';
import type { UsageRecord } from './types';

/** A row of `usage_records` as the driver gives it: bigint and numeric as string. */
export type UsageRow = {
  cluster_id: string;
  cluster: string;
  tenant: string;
  hour: Date;
  incarnation: string;
  minutes: string;
} & { [meterColumn: string]: unknown };

export function toUsageRecord(row: UsageRow): UsageRecord {
  const sums = noSums();
  for (const meter of METERS) {
    sums[meter] = new Decimal(String(row[METER_DEFINITIONS[meter].column]));
  }
  return {
    cluster: { id: row.cluster_id, name: row.cluster },
    tenant: row.tenant,
    hour: DateTime.fromJSDate(row.hour, { zone: 'utc' }),
    incarnation: row.incarnation,
    minutes: BigInt(row.minutes),
    sums,
  };
}
