/**
 * The catalog's group of a tenant, which owns all that is the tenant's.
 *
 * @public
 */
export function tenantGroupRef(tenant: string): string {
  return `group:default/${tenant}`;
}

/**
 * The catalog's system of a tenant, in the tenant's own namespace of the catalog.
 *
 * @public
 */
export function tenantSystemRef(tenant: string): string {
  return `system:${tenant}/${tenant}`;
}
