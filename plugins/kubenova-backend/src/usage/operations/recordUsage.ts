import type { Knex } from 'knex';
import { mergeRecords } from '../mergeRecords';
import { METER_DEFINITIONS, METERS } from '../meters';
import type { UsageRecord } from '../types';
import { toUsageRecord, type UsageRow } from '../usageRows';

const KEY = ['cluster_id', 'tenant', 'hour', 'incarnation'] as const;
const SUMS = METERS.map(meter => METER_DEFINITIONS[meter].column);

/**
 * Keeps usage records, each merged with what is kept under the same natural key (E8): three statements for any number.
 *
 * The rows are made first, empty, and then locked and read: two transactions that bring records of one key would else both find none. The
 * ingest's lock of the link row already keeps them apart; this does not depend on it.
 */
export async function recordUsage(
  tx: Knex.Transaction,
  records: readonly UsageRecord[],
): Promise<void> {
  const groups = [...byKey(records).values()];
  if (groups.length === 0) {
    return;
  }
  const keys = groups.map(([first]) => keyColumns(first));
  await tx('usage_records')
    .insert(
      groups.map(([first], index) => ({
        ...keys[index],
        cluster: first.cluster.name,
        minutes: '0',
      })),
    )
    .onConflict([...KEY])
    .ignore();
  const rows: UsageRow[] = await tx('usage_records')
    .whereIn(
      [...KEY],
      keys.map(key => KEY.map(column => key[column])),
    )
    .orderBy([...KEY])
    .forUpdate();
  const kept = new Map(
    rows.map(toUsageRecord).map(record => [keyOf(record), record]),
  );
  await write(
    tx,
    groups.map(group => {
      const known = kept.get(keyOf(group[0]));
      return {
        ...group[0],
        ...mergeRecords(known ? [known, ...group] : group),
      };
    }),
  );
}

async function write(
  tx: Knex.Transaction,
  records: readonly UsageRecord[],
): Promise<void> {
  await tx.raw(
    `UPDATE usage_records AS kept
     SET minutes = told.minutes, ${SUMS.map(sum => `${sum} = told.${sum}`)}
     FROM json_to_recordset(CAST(:told AS json)) AS told(
       cluster_id uuid, tenant text, hour timestamptz, incarnation text, minutes bigint, ${SUMS.map(
         sum => `${sum} numeric`,
       )})
     WHERE kept.cluster_id = told.cluster_id AND kept.tenant = told.tenant
       AND kept.hour = told.hour AND kept.incarnation = told.incarnation`,
    {
      told: JSON.stringify(
        records.map(record => ({
          ...keyColumns(record),
          minutes: record.minutes.toString(),
          ...Object.fromEntries(
            METERS.map(meter => [
              METER_DEFINITIONS[meter].column,
              record.sums[meter].toFixed(),
            ]),
          ),
        })),
      ),
    },
  );
}

/** Records that have one natural key are merged among themselves: an upsert must not meet a row twice. */
function byKey(records: readonly UsageRecord[]): Map<string, UsageRecord[]> {
  const groups = new Map<string, UsageRecord[]>();
  for (const record of records) {
    const key = keyOf(record);
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return groups;
}

function keyOf({ cluster, tenant, hour, incarnation }: UsageRecord): string {
  return JSON.stringify([cluster.id, tenant, hour.toMillis(), incarnation]);
}

function keyColumns(record: UsageRecord) {
  return {
    cluster_id: record.cluster.id,
    tenant: record.tenant,
    hour: record.hour.toJSDate(),
    incarnation: record.incarnation,
  };
}
