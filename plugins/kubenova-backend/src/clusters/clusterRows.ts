import { DateTime } from 'luxon';
import type { ClusterStatusEvent, ComponentStatus } from '../link/types';
import type { ClusterConfig } from '../schema/openapi/generated/models';
import {
  toApplyRecord,
  toConditions,
  toNotObservedAt,
  type ApplyColumns,
  type StoredCondition,
} from '../sync';
import type { BootstrapProgress, Cluster, ClusterStatus } from './types';

export type StoredComponent = Omit<ComponentStatus, 'changedAt'> & {
  changedAt?: string;
};

export type StoredProgress = Omit<BootstrapProgress, 'updatedAt'> & {
  updatedAt: string;
};

/** A row of `clusters` as the driver gives it: bigint as string, jsonb parsed. */
export interface ClusterRow extends ApplyColumns {
  id: string;
  nova_cluster_id: string;
  name: string;
  datacenter: string;
  status: ClusterStatus;
  status_reason: string | null;
  config: ClusterConfig;
  progress: StoredProgress | null;
  operator_version: string | null;
  kubernetes_version: string | null;
  connected_at: Date | null;
  phase: ClusterStatusEvent['phase'] | null;
  components: StoredComponent[];
  conditions: StoredCondition[];
  capacity: ClusterStatusEvent['capacity'] | null;
  status_generation: string;
  not_observed_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export function toCluster(row: ClusterRow): Cluster {
  return {
    id: row.id,
    novaClusterId: row.nova_cluster_id,
    name: row.name,
    datacenter: row.datacenter,
    status: row.status,
    statusReason: row.status_reason ?? undefined,
    config: row.config,
    progress: row.progress
      ? { ...row.progress, updatedAt: fromISO(row.progress.updatedAt) }
      : undefined,
    connectedAt: row.connected_at ? fromDate(row.connected_at) : undefined,
    reported: {
      phase: row.phase ?? undefined,
      components: row.components.map(({ changedAt, ...component }) => ({
        ...component,
        ...(changedAt && { changedAt: fromISO(changedAt) }),
      })),
      conditions: toConditions(row.conditions),
      capacity: row.capacity ?? undefined,
      operatorVersion: row.operator_version ?? undefined,
      kubernetesVersion: row.kubernetes_version ?? undefined,
      notObservedAt: toNotObservedAt(row.not_observed_at),
    },
    apply: toApplyRecord(row),
    version: row.version,
    createdAt: fromDate(row.created_at),
    updatedAt: fromDate(row.updated_at),
  };
}

function fromDate(date: Date): DateTime {
  return DateTime.fromJSDate(date, { zone: 'utc' });
}

function fromISO(iso: string): DateTime {
  return DateTime.fromISO(iso, { zone: 'utc' });
}
