import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type {
  ApplicationStatusEvent,
  ApplyResultEvent,
  EventPosition,
  OperatorEvent,
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
import type { DeploymentStore } from './DeploymentStore';
import {
  recordApplicationStatuses,
  type WrittenApplicationStatus,
} from './operations/recordApplicationStatuses';
import type { Deployment, Health } from './types';

type Db = Knex | Knex.Transaction;

interface DeploymentRow extends ApplyColumns {
  id: string;
  cluster_id: string;
  cluster_name: string;
  application_id: string;
  placement_id: string;
  revision: number;
  deleting_at: Date | null;
  health: Health;
  health_message: string | null;
  phase: string | null;
  components: Deployment['components'];
  steps: Deployment['steps'];
  conditions: StoredCondition[];
  status_generation: string;
  not_observed_at: Date | null;
}

export class DatabaseDeploymentStore implements DeploymentStore {
  async list(db: Db, applicationIds: readonly string[]): Promise<Deployment[]> {
    const rows: DeploymentRow[] = await db('deployments')
      .join('clusters', 'clusters.id', 'deployments.cluster_id')
      .select('deployments.*', 'clusters.name as cluster_name')
      .whereIn('deployments.application_id', [...applicationIds])
      .orderBy('clusters.name');
    return rows.map(toDeployment);
  }

  async inPlacement(db: Db, placementId: string): Promise<string[]> {
    return db('deployments')
      .join('applications', 'applications.id', 'deployments.application_id')
      .where('deployments.placement_id', placementId)
      .orderBy('applications.name')
      .pluck('applications.name');
  }

  async insert(
    tx: Knex.Transaction,
    deployment: {
      id: string;
      applicationId: string;
      placementId: string;
      clusterId: string;
      revision: number;
      createdAt: DateTime;
    },
  ): Promise<void> {
    await tx('deployments').insert({
      id: deployment.id,
      application_id: deployment.applicationId,
      placement_id: deployment.placementId,
      cluster_id: deployment.clusterId,
      revision: deployment.revision,
      health: 'Unknown',
      created_at: deployment.createdAt.toJSDate(),
    });
  }

  async setRevision(
    tx: Knex.Transaction,
    ids: readonly string[],
    revision: number,
  ): Promise<void> {
    await tx('deployments')
      .whereIn('id', [...ids])
      .update({ revision });
  }

  async markDeleting(
    tx: Knex.Transaction,
    id: string,
    at: DateTime,
  ): Promise<void> {
    await tx('deployments')
      .where({ id })
      .whereNull('deleting_at')
      .update({ deleting_at: at.toJSDate() });
  }

  async delete(tx: Knex.Transaction, id: string): Promise<void> {
    await tx('deployments').where({ id }).delete();
  }

  async deleteConfirmed(tx: Knex.Transaction, id: string): Promise<boolean> {
    const deleted = await tx('deployments')
      .where({ id })
      .whereNotNull('deleting_at')
      .delete();
    return deleted === 1;
  }

  async recordStatuses(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ApplicationStatusEvent>>,
  ): Promise<WrittenApplicationStatus[]> {
    return recordApplicationStatuses(tx, events);
  }

  async recordApplyResults(
    tx: Knex.Transaction,
    events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
  ): Promise<WrittenApplyResult[]> {
    return recordApplyResults(tx, 'deployments', events);
  }

  async markNotObserved(
    tx: Knex.Transaction,
    clusterId: string,
    begin: EventPosition,
  ): Promise<Array<{ id: string; tenant: string; name: string }>> {
    const applicationIds = await markNotObserved(tx, {
      table: 'deployments',
      clusterId,
      begin,
    });
    return tx('applications')
      .join('tenants', 'tenants.id', 'applications.tenant_id')
      .whereIn('applications.id', applicationIds)
      .select('applications.id', 'tenants.name as tenant', 'applications.name');
  }
}

function toDeployment(row: DeploymentRow): Deployment {
  return {
    id: row.id,
    applicationId: row.application_id,
    placementId: row.placement_id,
    cluster: { id: row.cluster_id, name: row.cluster_name },
    revision: row.revision,
    deletingAt: row.deleting_at
      ? DateTime.fromJSDate(row.deleting_at, { zone: 'utc' })
      : undefined,
    health: row.health,
    healthMessage: row.health_message ?? undefined,
    phase: row.phase ?? undefined,
    components: row.components,
    steps: row.steps,
    conditions: toConditions(row.conditions),
    statusGeneration: Number(row.status_generation),
    notObservedAt: toNotObservedAt(row.not_observed_at),
    apply: toApplyRecord(row),
  };
}
