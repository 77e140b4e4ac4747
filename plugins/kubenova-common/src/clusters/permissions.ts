import { createPermission } from '@backstage/plugin-permission-common';

/** @public */
export const clusterReadPermission = createPermission({
  name: 'kubenova.cluster.read',
  attributes: { action: 'read' },
});

/** @public */
export const clusterCreatePermission = createPermission({
  name: 'kubenova.cluster.create',
  attributes: { action: 'create' },
});

/** @public */
export const clusterUpdatePermission = createPermission({
  name: 'kubenova.cluster.update',
  attributes: { action: 'update' },
});

/** @public */
export const clusterDeletePermission = createPermission({
  name: 'kubenova.cluster.delete',
  attributes: { action: 'delete' },
});

/**
 * To make join tokens: whoever has one brings an operator into the installation.
 *
 * @public
 */
export const clusterJoinPermission = createPermission({
  name: 'kubenova.cluster.join',
  attributes: {},
});

/** @public */
export const clusterPermissions = [
  clusterReadPermission,
  clusterCreatePermission,
  clusterUpdatePermission,
  clusterDeletePermission,
  clusterJoinPermission,
];
