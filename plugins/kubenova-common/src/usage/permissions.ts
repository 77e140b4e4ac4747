import { createPermission } from '@backstage/plugin-permission-common';

/** @public */
export const usageReadPermission = createPermission({
  name: 'kubenova.usage.read',
  attributes: { action: 'read' },
});

/** @public */
export const usagePermissions = [usageReadPermission];
