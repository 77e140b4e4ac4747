import { applicationPermissions } from './applications';
import { clusterPermissions } from './clusters';
import { tenantPermissions } from './tenants';
import { usagePermissions } from './usage';
import { userPermissions } from './users';

/**
 * Every permission of the plugin, for permission policies.
 *
 * @public
 */
export const kubenovaPermissions = [
  ...clusterPermissions,
  ...tenantPermissions,
  ...userPermissions,
  ...applicationPermissions,
  ...usagePermissions,
];
