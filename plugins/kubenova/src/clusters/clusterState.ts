import type {
  Cluster,
  ClusterComponent,
  ClusterStatus,
} from '@kubenova/plugin-kubenova-common';
import type { Tone } from '../shared/Status';

export type ClusterState = ClusterStatus | 'stale';

/**
 * The one word for a cluster. A silent operator comes before what it said
 * last, because nothing of that is known to be true any more.
 */
export function clusterState(cluster: Cluster): ClusterState {
  return cluster.stale ? 'stale' : cluster.status;
}

export const CLUSTER_TONES: Record<ClusterState, Tone> = {
  pending_bootstrap: 'unknown',
  bootstrapping: 'progress',
  connected: 'positive',
  error: 'danger',
  stale: 'warning',
};

export const COMPONENT_TONES: Record<ClusterComponent['phase'], Tone> = {
  Pending: 'unknown',
  Installing: 'progress',
  Ready: 'positive',
  Error: 'danger',
  Disabled: 'unknown',
};
