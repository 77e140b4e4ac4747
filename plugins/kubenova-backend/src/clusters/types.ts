import type { DateTime } from 'luxon';
import type {
  ClusterStatusEvent,
  ComponentStatus,
  Condition,
} from '../link/types';
import type {
  ClusterConfig,
  ClusterStatusEnum,
} from '../schema/openapi/generated/models';
import type { ApplyRecord } from '../sync';

/** `pending_bootstrap → bootstrapping → connected`, or `error`. */
export type ClusterStatus = ClusterStatusEnum;

/** What whoever sets a cluster up is waiting for, before its operator connects. */
export interface BootstrapProgress {
  message: string;
  /** 0 to 100. */
  percent?: number;
  updatedAt: DateTime;
}

/** What the operator last told of its cluster. */
export interface ReportedCluster {
  phase?: ClusterStatusEvent['phase'];
  components: ComponentStatus[];
  conditions: Condition[];
  capacity?: ClusterStatusEvent['capacity'];
  operatorVersion?: string;
  kubernetesVersion?: string;
  /** When a snapshot ended that did not name it; absent once it was heard of again (E7). */
  notObservedAt?: DateTime;
}

/** One Kubernetes cluster with an operator in it: one a datacenter. */
export interface Cluster {
  id: string;
  /** What the operator calls itself by. */
  novaClusterId: string;
  name: string;
  datacenter: string;
  status: ClusterStatus;
  /** Why the status is `error`. */
  statusReason?: string;
  config: ClusterConfig;
  progress?: BootstrapProgress;
  /** When the first session was opened. */
  connectedAt?: DateTime;
  reported: ReportedCluster;
  apply: ApplyRecord;
  version: number;
  createdAt: DateTime;
  updatedAt: DateTime;
}
