import type { Entity } from '@backstage/catalog-model';
import {
  type Tenant,
  TENANT_ANNOTATION,
  tenantGroupRef,
} from '@kubenova/plugin-kubenova-common';
import { managedEntity } from './managedEntity';

/** `group:default/<tenant>`, and `system:<tenant>/<tenant>` that it owns and its applications are part of. */
export function tenantToEntities(tenant: Tenant): [Entity, Entity] {
  const source = {
    path: `tenants/${tenant.name}`,
    annotations: { [TENANT_ANNOTATION]: tenant.name },
  };
  const labels = { 'kubenova.io/kind': 'tenant' };
  return [
    managedEntity(
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Group',
        metadata: { namespace: 'default', name: tenant.name, labels },
        spec: {
          type: 'tenant',
          profile: { displayName: tenant.displayName },
          children: [],
        },
      },
      source,
    ),
    managedEntity(
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'System',
        metadata: {
          namespace: tenant.name,
          name: tenant.name,
          title: tenant.displayName,
          description: `Applications of tenant ${tenant.displayName}`,
          labels,
        },
        spec: { owner: tenantGroupRef(tenant.name) },
      },
      source,
    ),
  ];
}
