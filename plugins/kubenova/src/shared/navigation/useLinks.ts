import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  applicationRouteRef,
  applicationsRouteRef,
  clusterRouteRef,
  clustersRouteRef,
  deployRouteRef,
  editApplicationRouteRef,
  tenantRouteRef,
  tenantsRouteRef,
} from '../../routes';

/** Where the pages are; `undefined` for those that the app has switched off. */
export function useLinks() {
  const clusters = useRouteRef(clustersRouteRef);
  const cluster = useRouteRef(clusterRouteRef);
  const tenants = useRouteRef(tenantsRouteRef);
  const tenant = useRouteRef(tenantRouteRef);
  const applications = useRouteRef(applicationsRouteRef);
  const deploy = useRouteRef(deployRouteRef);
  const application = useRouteRef(applicationRouteRef);
  const editApplication = useRouteRef(editApplicationRouteRef);
  return {
    clusters: () => clusters?.(),
    cluster: (clusterName: string) => cluster?.({ clusterName }),
    tenants: () => tenants?.(),
    tenant: (tenantName: string) => tenant?.({ tenantName }),
    applications: () => applications?.(),
    deploy: () => deploy?.(),
    application: (applicationId: string) => application?.({ applicationId }),
    editApplication: (applicationId: string) =>
      editApplication?.({ applicationId }),
  };
}
