import type { Knex } from 'knex';
import { mergeRecords } from '../mergeRecords';
import { METER_DEFINITIONS, METERS } from '../meters';
import type { UsageRecord } from '../types';
import { toUsageRecord, type UsageRow } from '../usageRows';

/**
 * Keeps a usage record, merged with what is kept under the same natural key (E8).
 *
 * The row is made first, empty, and then locked and read: two transactions that bring records of one key would else both find none. The
 * ingest's lock of the link row already keeps them apart; this does not depend on it.
 */
export async function recordUsage(
  tx: Knex.Transaction,
  record: UsageRecord,
): Promise<void> {
  const key = {
    cluster_id: record.cluster.id,
    tenant: record.tenant,
    hour: record.hour.toJSDate(),
    incarnation: record.incarnation,
  };
  await tx('usage_records')
    .insert({ ...key, cluster: record.cluster.name, minutes: '0' })
    .onConflict(['cluster_id', 'tenant', 'hour', 'incarnation'])
    .ignore();
  const row: UsageRow = await tx('usage_records')
    .where(key)
    .forUpdate()
    .first();
  const { minutes, sums } = mergeRecords([toUsageRecord(row), record]);
  await tx('usage_records')
    .where(key)
    .update({
      minutes: minutes.toString(),
      ...Object.fromEntries(
        METERS.map(meter => [
          METER_DEFINITIONS[meter].column,
          sums[meter].toFixed(),
        ]),
      ),
    });
}
