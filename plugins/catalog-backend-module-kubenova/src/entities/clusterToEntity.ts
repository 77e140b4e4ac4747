import type { Entity } from '@backstage/catalog-model';
import {
  type Cluster,
  CLUSTER_ANNOTATION,
} from '@kubenova/plugin-kubenova-common';
import { managedEntity } from './managedEntity';

/** `resource:default/<name>`, owned by the team that runs the datacenters. */
export function clusterToEntity(
  cluster: Cluster,
  options: { platformOwner: string },
): Entity {
  return managedEntity(
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Resource',
      metadata: {
        namespace: 'default',
        name: cluster.name,
        title: cluster.name,
        description: `Kubernetes cluster of datacenter ${cluster.datacenter}`,
        labels: { 'kubenova.io/kind': 'cluster' },
      },
      spec: { type: 'kubernetes-cluster', owner: options.platformOwner },
    },
    {
      path: `clusters/${cluster.name}`,
      annotations: { [CLUSTER_ANNOTATION]: cluster.name },
    },
  );
}
