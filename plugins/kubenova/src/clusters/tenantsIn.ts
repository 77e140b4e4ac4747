import type { Tenant } from '@kubenova/plugin-kubenova-common';

export function tenantsIn(
  cluster: string,
  tenants: readonly Tenant[],
): Tenant[] {
  return tenants.filter(tenant =>
    tenant.placements.some(placement => placement.cluster === cluster),
  );
}
