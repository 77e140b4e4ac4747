import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type {
  ApplyResultEvent,
  EventPosition,
  OperatorEvent,
  TenantStatusEvent,
} from '../link/types';
import {
  markNotObserved,
  recordApplyResults,
  toApplyRecord,
  toConditions,
  toNotObservedAt,
  type ApplyColumns,
  type StoredCondition,
  type WrittenApplyResult,
} from '../sync';
import { recordTenantStatuses } from './operations/recordTenantStatuses';
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
  not_observed_at: Date | null;
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

  async deleteConfirmed(tx: Knex.Transaction, id: string): Promise<boolean> {
    const deleted = await tx('placements')
      .where({ id })
      .whereNotNull('deleting_at')
      .delete();
    return deleted === 1;
  }

  async recordStatuses(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<TenantStatusEvent>>,
  ): Promise<TenantStatusEvent[]> {
    return recordTenantStatuses(tx, events);
  }

  async recordApplyResults(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
  ): Promise<WrittenApplyResult[]> {
    return recordApplyResults(tx, 'placements', events);
  }

  async markNotObserved(
    tx: Knex.Transaction,
    clusterId: string,
    begin: EventPosition,
  ): Promise<string[]> {
    const tenantIds = await markNotObserved(tx, {
      table: 'placements',
      clusterId,
      begin,
    });
    return tx('tenants').whereIn('id', tenantIds).pluck('name');
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
    notObservedAt: toNotObservedAt(row.not_observed_at),
    apply: toApplyRecord(row),
  };
}
