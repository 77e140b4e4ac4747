import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { ApplyResultEvent, TenantStatusEvent } from '../link/types';
import { isUuid } from '../router';
import {
  applyColumns,
  toApplyRecord,
  toConditions,
  toStoredConditions,
  type ApplyColumns,
  type StoredCondition,
} from '../sync';
import type { PlacementStore } from './PlacementStore';
import type { Placement } from './types';

type Db = Knex | Knex.Transaction;

interface PlacementRow extends ApplyColumns {
  id: string;
  cluster_id: string;
  tenant_id: string;
  deleting_at: Date | null;
  phase: TenantStatusEvent['phase'] | null;
  namespaces: string[];
  conditions: StoredCondition[];
  status_generation: string;
  cluster_name: string;
}

export class DatabasePlacementStore implements PlacementStore {
  async list(db: Db, tenantIds: readonly string[]): Promise<Placement[]> {
    const rows: PlacementRow[] = await placementQuery(db)
      .whereIn('placements.tenant_id', [...tenantIds])
      .orderBy('clusters.name');
    return rows.map(toPlacement);
  }

  async tenantsIn(db: Db, clusterId: string): Promise<string[]> {
    return db('placements')
      .join('tenants', 'tenants.id', 'placements.tenant_id')
      .where('placements.cluster_id', clusterId)
      .orderBy('tenants.name')
      .pluck('tenants.name');
  }

  async share(
    tx: Knex.Transaction,
    ids: readonly string[],
  ): Promise<Placement[]> {
    // KEY SHARE lets the ingest go on writing status, and only waits for markDeleting.
    const rows: PlacementRow[] = await placementQuery(tx)
      .whereIn('placements.id', [...ids])
      .orderBy('placements.cluster_id')
      .forKeyShare('placements');
    return rows.map(toPlacement);
  }

  async insert(
    tx: Knex.Transaction,
    placement: {
      id: string;
      tenantId: string;
      clusterId: string;
      createdAt: DateTime;
    },
  ): Promise<void> {
    await tx('placements').insert({
      id: placement.id,
      tenant_id: placement.tenantId,
      cluster_id: placement.clusterId,
      created_at: placement.createdAt.toJSDate(),
    });
  }

  async markDeleting(
    tx: Knex.Transaction,
    id: string,
    at: DateTime,
  ): Promise<void> {
    // The update alone would not wait for those who share the row: it changes no key.
    await tx('placements').where({ id }).forUpdate().first('id');
    await tx('placements')
      .where({ id })
      .whereNull('deleting_at')
      .update({ deleting_at: at.toJSDate() });
  }

  async delete(tx: Knex.Transaction, id: string): Promise<void> {
    await tx('placements').where({ id }).delete();
  }

  async recordStatus(
    tx: Knex.Transaction,
    clusterId: string,
    event: TenantStatusEvent,
  ): Promise<string | undefined> {
    if (!isUuid(event.uid)) {
      return undefined;
    }
    const [row] = await tx('placements')
      .where({ id: event.uid, cluster_id: clusterId })
      .where('status_generation', '<=', event.generation)
      .update({
        status_generation: event.generation,
        phase: event.phase,
        namespaces: JSON.stringify(event.namespaces),
        conditions: JSON.stringify(toStoredConditions(event.conditions)),
        last_synced_at: event.observedAt.toJSDate(),
      })
      .returning('tenant_id');
    return row?.tenant_id;
  }

  async recordApplyResult(
    tx: Knex.Transaction,
    clusterId: string,
    event: ApplyResultEvent,
  ): Promise<string | undefined> {
    if (!isUuid(event.uid)) {
      return undefined;
    }
    const [row] = await tx('placements')
      .where({ id: event.uid, cluster_id: clusterId })
      .where('apply_generation', '<=', event.generation)
      .update(applyColumns(event))
      .returning('tenant_id');
    return row?.tenant_id;
  }
}

function placementQuery(db: Db) {
  return db('placements')
    .join('clusters', 'clusters.id', 'placements.cluster_id')
    .select('placements.*', 'clusters.name as cluster_name');
}

function toPlacement(row: PlacementRow): Placement {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    cluster: { id: row.cluster_id, name: row.cluster_name },
    deletingAt: row.deleting_at
      ? DateTime.fromJSDate(row.deleting_at, { zone: 'utc' })
      : undefined,
    phase: row.phase ?? undefined,
    namespaces: row.namespaces,
    conditions: toConditions(row.conditions),
    statusGeneration: Number(row.status_generation),
    apply: toApplyRecord(row),
  };
}
