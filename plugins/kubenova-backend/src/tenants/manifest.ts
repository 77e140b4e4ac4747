import { stringify } from 'yaml';

/** The key of a tenant in a cluster. */
export function tenantKey(tenant: string): string {
  return `tenants/${tenant}`;
}

/**
 * Assembles the NovaTenant of a placement.
 *
 * @returns one YAML document, the same bytes for the same placement.
 */
export function novaTenant(
  tenant: { name: string; displayName: string },
  placement: { id: string },
): string {
  return stringify({
    apiVersion: 'kubenova.io/v1alpha1',
    kind: 'NovaTenant',
    metadata: { name: tenant.name },
    spec: { uid: placement.id, displayName: tenant.displayName },
  });
}
