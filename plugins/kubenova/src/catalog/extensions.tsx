import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  APPLICATION_ID_ANNOTATION,
  CLUSTER_ANNOTATION,
  TENANT_ANNOTATION,
} from '@kubenova/plugin-kubenova-common';

const clusterCard = EntityCardBlueprint.make({
  name: 'cluster',
  params: {
    type: 'info',
    filter: ({ kind, metadata }) =>
      kind === 'Resource' && CLUSTER_ANNOTATION in (metadata.annotations ?? {}),
    loader: () => import('./ClusterCard').then(m => <m.ClusterCard />),
  },
});

// A tenant's annotation is on its applications too.
const tenantCard = EntityCardBlueprint.make({
  name: 'tenant',
  params: {
    type: 'info',
    filter: ({ kind, metadata }) =>
      kind === 'Group' && TENANT_ANNOTATION in (metadata.annotations ?? {}),
    loader: () => import('./TenantCard').then(m => <m.TenantCard />),
  },
});

const applicationCard = EntityCardBlueprint.make({
  name: 'application',
  params: {
    type: 'info',
    filter: ({ kind, metadata }) =>
      kind === 'Component' &&
      APPLICATION_ID_ANNOTATION in (metadata.annotations ?? {}),
    loader: () => import('./ApplicationCard').then(m => <m.ApplicationCard />),
  },
});

/** What the catalog's entity pages show of KubeNova. */
export const catalogExtensions = [clusterCard, tenantCard, applicationCard];
