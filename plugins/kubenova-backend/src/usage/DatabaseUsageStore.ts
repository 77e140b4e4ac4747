import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import { recordUsage } from './operations/recordUsage';
import type { UsageRecord } from './types';
import { toUsageRecord, type UsageRow } from './usageRows';
import type { UsageSource, UsageStore } from './UsageStore';

type Db = Knex | Knex.Transaction;

export class DatabaseUsageStore implements UsageStore {
  async record(
    tx: Knex.Transaction,
    records: readonly UsageRecord[],
  ): Promise<void> {
    await recordUsage(tx, records);
  }

  async find(
    db: Db,
    query: { from: DateTime; to: DateTime; tenant?: string; cluster?: string },
  ): Promise<UsageRecord[]> {
    const rows: UsageRow[] = await db('usage_records')
      .where('hour', '>=', query.from.toJSDate())
      .where('hour', '<', query.to.toJSDate())
      .modify(select => {
        if (query.tenant !== undefined) {
          select.where('tenant', query.tenant);
        }
        if (query.cluster !== undefined) {
          select.where('cluster', query.cluster);
        }
      })
      .orderBy(['tenant', 'cluster', 'hour', 'incarnation']);
    return rows.map(toUsageRecord);
  }

  async placements(
    db: Db,
    query: { tenant?: string; cluster?: string },
  ): Promise<UsageSource[]> {
    const rows = await db('placements')
      .join('tenants', 'tenants.id', 'placements.tenant_id')
      .join('clusters', 'clusters.id', 'placements.cluster_id')
      .modify(select => {
        if (query.tenant !== undefined) {
          select.where('tenants.name', query.tenant);
        }
        if (query.cluster !== undefined) {
          select.where('clusters.name', query.cluster);
        }
      })
      .select<Array<{ tenant: string; id: string; name: string }>>(
        'tenants.name as tenant',
        'clusters.id',
        'clusters.name',
      );
    return rows.map(({ tenant, id, name }) => ({
      tenant,
      cluster: { id, name },
    }));
  }

  async isKnown(
    db: Db,
    what: 'tenant' | 'cluster',
    name: string,
  ): Promise<boolean> {
    const table = what === 'tenant' ? 'tenants' : 'clusters';
    return (
      (await db(table).where({ name }).first('id')) !== undefined ||
      (await db('usage_records')
        .where({ [what]: name })
        .first('hour')) !== undefined
    );
  }
}
