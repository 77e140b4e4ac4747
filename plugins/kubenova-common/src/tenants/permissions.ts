import { createPermission } from '@backstage/plugin-permission-common';

/** @public */
export const tenantReadPermission = createPermission({
  name: 'kubenova.tenant.read',
  attributes: { action: 'read' },
});

/** @public */
export const tenantCreatePermission = createPermission({
  name: 'kubenova.tenant.create',
  attributes: { action: 'create' },
});

/**
 * To change where a tenant is placed.
 *
 * @public
 */
export const tenantPlacePermission = createPermission({
  name: 'kubenova.tenant.place',
  attributes: { action: 'update' },
});

/** @public */
export const tenantDeletePermission = createPermission({
  name: 'kubenova.tenant.delete',
  attributes: { action: 'delete' },
});

/** @public */
export const tenantPermissions = [
  tenantReadPermission,
  tenantCreatePermission,
  tenantPlacePermission,
  tenantDeletePermission,
];
