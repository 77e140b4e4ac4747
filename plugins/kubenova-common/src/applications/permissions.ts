import { createPermission } from '@backstage/plugin-permission-common';

/** @public */
export const applicationReadPermission = createPermission({
  name: 'kubenova.application.read',
  attributes: { action: 'read' },
});

/** @public */
export const applicationCreatePermission = createPermission({
  name: 'kubenova.application.create',
  attributes: { action: 'create' },
});

/** @public */
export const applicationUpdatePermission = createPermission({
  name: 'kubenova.application.update',
  attributes: { action: 'update' },
});

/** @public */
export const applicationDeletePermission = createPermission({
  name: 'kubenova.application.delete',
  attributes: { action: 'delete' },
});

/** @public */
export const applicationPermissions = [
  applicationReadPermission,
  applicationCreatePermission,
  applicationUpdatePermission,
  applicationDeletePermission,
];
