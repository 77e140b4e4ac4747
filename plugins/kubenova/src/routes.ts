import {
  createRouteRef,
  createSubRouteRef,
} from '@backstage/frontend-plugin-api';

export const clustersRouteRef = createRouteRef();
export const clusterRouteRef = createSubRouteRef({
  parent: clustersRouteRef,
  path: '/:clusterName',
});

export const tenantsRouteRef = createRouteRef();
export const tenantRouteRef = createSubRouteRef({
  parent: tenantsRouteRef,
  path: '/:tenantName',
});

export const applicationsRouteRef = createRouteRef();
export const deployRouteRef = createSubRouteRef({
  parent: applicationsRouteRef,
  path: '/deploy',
});
export const applicationRouteRef = createSubRouteRef({
  parent: applicationsRouteRef,
  path: '/:applicationId',
});
export const editApplicationRouteRef = createSubRouteRef({
  parent: applicationsRouteRef,
  path: '/:applicationId/edit',
});

export const usageRouteRef = createRouteRef();
