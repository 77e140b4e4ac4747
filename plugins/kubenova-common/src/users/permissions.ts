import { createPermission } from '@backstage/plugin-permission-common';

/**
 * To read users: everyone themselves, administrators everyone.
 *
 * @public
 */
export const userReadPermission = createPermission({
  name: 'kubenova.user.read',
  attributes: { action: 'read' },
});

/** @public */
export const userPermissions = [userReadPermission];
