import type { Entity } from '@backstage/catalog-model';
import {
  type Application,
  APPLICATION_ID_ANNOTATION,
  clusterEntityRef,
  TENANT_ANNOTATION,
  tenantGroupRef,
  tenantSystemRef,
} from '@kubenova/plugin-kubenova-common';
import { managedEntity } from './managedEntity';

/** `component:<tenant>/<application>`, in the tenant's system, depending on the clusters that it is deployed in. */
export function applicationToEntity(application: Application): Entity {
  return managedEntity(
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        namespace: application.tenant,
        name: application.name,
        title: application.name,
        labels: { 'kubenova.io/kind': 'application' },
      },
      spec: {
        type: 'kubevela-application',
        lifecycle: 'production',
        owner: tenantGroupRef(application.tenant),
        system: tenantSystemRef(application.tenant),
        dependsOn: application.deployments
          .map(deployment => clusterEntityRef(deployment.cluster))
          .sort(),
      },
    },
    {
      path: `applications/${application.tenant}/${application.name}`,
      annotations: {
        [APPLICATION_ID_ANNOTATION]: application.id,
        [TENANT_ANNOTATION]: application.tenant,
      },
    },
  );
}
