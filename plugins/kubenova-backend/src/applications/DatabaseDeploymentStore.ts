import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { ApplicationStatusEvent, ApplyResultEvent } from '../link/types';
import { isUuid } from '../router';
import {
  applyColumns,
  toApplyRecord,
  toConditions,
  type ApplyColumns,
  type StoredCondition,
} from '../sync';
import type { DeploymentStore } from './DeploymentStore';
import { recordApplicationStatus } from './operations/recordApplicationStatus';
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

  async recordStatus(
    tx: Knex.Transaction,
    clusterId: string,
    event: ApplicationStatusEvent,
  ): Promise<string | undefined> {
    // An application that the Manager did not make has no uid.
    return isUuid(event.uid)
      ? recordApplicationStatus(tx, clusterId, event)
      : undefined;
  }

  async recordApplyResult(
    tx: Knex.Transaction,
    clusterId: string,
    event: ApplyResultEvent,
  ): Promise<string | undefined> {
    if (!isUuid(event.uid)) {
      return undefined;
    }
    const [row] = await tx('deployments')
      .where({ id: event.uid, cluster_id: clusterId })
      .where('apply_generation', '<=', event.generation)
      .update(applyColumns(event))
      .returning('application_id');
    return row?.application_id;
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
    apply: toApplyRecord(row),
  };
}
