import type { KubernetesObject } from '@kubernetes/client-node';

/** Name of every datacenter's default StorageClass. */
export const STORAGE_CLASS = 'kubenova-local';
/** Who provisions its volumes: the controllers process of the datacenter. */
export const PROVISIONER = 'kubenova.io/local-volumes';

export const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: STORAGE_CLASS,
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: PROVISIONER,
  reclaimPolicy: 'Delete',
  // There is one node, so there is nothing to wait for.
  volumeBindingMode: 'Immediate',
} as KubernetesObject;
