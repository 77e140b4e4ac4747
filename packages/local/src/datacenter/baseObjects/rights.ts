import type { KubernetesObject } from '@kubernetes/client-node';

const group = 'rbac.authorization.k8s.io';

/** Rights of the components that authenticate with certificates of ours. */
export const componentRights: KubernetesObject[] = [
  {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'kubenova:kube-proxy' },
    roleRef: {
      apiGroup: group,
      kind: 'ClusterRole',
      name: 'system:node-proxier',
    },
    subjects: [{ apiGroup: group, kind: 'User', name: 'system:kube-proxy' }],
  } as KubernetesObject,
  {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'kubenova:datacenter-controllers' },
    rules: [
      {
        apiGroups: [''],
        resources: ['persistentvolumes'],
        verbs: ['get', 'list', 'watch', 'create', 'delete'],
      },
      {
        apiGroups: [''],
        resources: ['persistentvolumeclaims', 'services'],
        verbs: ['get', 'list', 'watch'],
      },
      { apiGroups: [''], resources: ['services/status'], verbs: ['patch'] },
    ],
  } as KubernetesObject,
  {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'kubenova:datacenter-controllers' },
    roleRef: {
      apiGroup: group,
      kind: 'ClusterRole',
      name: 'kubenova:datacenter-controllers',
    },
    subjects: [
      {
        apiGroup: group,
        kind: 'User',
        name: 'kubenova:datacenter-controllers',
      },
    ],
  } as KubernetesObject,
];
