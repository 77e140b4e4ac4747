import { stringify } from 'yaml';
import type { ClusterConfig } from '../schema/openapi/generated/models';

/** The key of a cluster's configuration. */
export const CLUSTER_CONFIG_KEY = 'cluster/config';

/**
 * Assembles the NovaClusterConfig of a cluster.
 *
 * @returns one YAML document, the same bytes for the same configuration.
 */
export function novaClusterConfig(config: ClusterConfig): string {
  const { targetStorageClass, targetLbAnnotations, capsuleProxyUrl } = config;
  return stringify({
    apiVersion: 'kubenova.io/v1alpha1',
    kind: 'NovaClusterConfig',
    metadata: { name: 'cluster' },
    spec: {
      installCapsule: config.installCapsule,
      installCapsuleProxy: config.installCapsuleProxy,
      installKubeVela: config.installKubeVela,
      kubeVelaProfile: config.kubeVelaProfile,
      ...(targetStorageClass && { targetStorageClass }),
      ...(targetLbAnnotations && {
        targetLbAnnotations: sortedByKey(targetLbAnnotations),
      }),
      ...(capsuleProxyUrl && { capsuleProxyUrl }),
    },
  });
}

function sortedByKey(map: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
