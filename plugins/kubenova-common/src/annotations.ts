/**
 * On the catalog's entity of a cluster: its name.
 *
 * @public
 */
export const CLUSTER_ANNOTATION = 'kubenova.io/cluster';

/**
 * On the catalog's entities of a tenant and of its applications: the tenant's name.
 *
 * @public
 */
export const TENANT_ANNOTATION = 'kubenova.io/tenant';

/**
 * On the catalog's entity of an application: its UUID.
 *
 * @public
 */
export const APPLICATION_ID_ANNOTATION = 'kubenova.io/application-id';
