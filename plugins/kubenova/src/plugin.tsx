import {
  createFrontendPlugin,
  PageBlueprint,
  PluginWrapperBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  RiApps2Line,
  RiBarChartGroupedLine,
  RiServerLine,
  RiTeamLine,
} from '@remixicon/react';
import { kubenovaApi } from './api';
import { catalogExtensions } from './catalog/extensions';
import {
  applicationsRouteRef,
  clustersRouteRef,
  tenantsRouteRef,
  usageRouteRef,
} from './routes';

const datacentersPage = PageBlueprint.make({
  name: 'datacenters',
  params: {
    path: '/datacenters',
    title: 'Datacenters',
    icon: <RiServerLine />,
    routeRef: clustersRouteRef,
    loader: () =>
      import('./clusters/components/ClustersPage').then(m => (
        <m.ClustersPage />
      )),
  },
});

const tenantsPage = PageBlueprint.make({
  name: 'tenants',
  params: {
    path: '/tenants',
    title: 'Tenants',
    icon: <RiTeamLine />,
    routeRef: tenantsRouteRef,
    loader: () =>
      import('./tenants/components/TenantsPage').then(m => <m.TenantsPage />),
  },
});

const applicationsPage = PageBlueprint.make({
  name: 'applications',
  params: {
    path: '/applications',
    title: 'Applications',
    icon: <RiApps2Line />,
    routeRef: applicationsRouteRef,
    loader: () =>
      import('./applications/components/ApplicationsPage').then(m => (
        <m.ApplicationsPage />
      )),
  },
});

const usagePage = PageBlueprint.make({
  name: 'usage',
  params: {
    path: '/usage',
    title: 'Usage',
    icon: <RiBarChartGroupedLine />,
    routeRef: usageRouteRef,
    loader: () =>
      import('./usage/components/UsagePage').then(m => <m.UsagePage />),
  },
});

/** One cache of what the Manager said, for pages and entity cards alike. */
const queryWrapper = PluginWrapperBlueprint.make({
  name: 'queries',
  params: define =>
    define({
      loader: () => import('./shared/live').then(m => m.queryWrapper),
    }),
});

/**
 * The pages of KubeNova. There is no `root` route: each page's title links to
 * that page.
 *
 * @public
 */
export default createFrontendPlugin({
  pluginId: 'kubenova',
  title: 'KubeNova',
  info: { packageJson: () => import('../package.json') },
  routes: {
    datacenters: clustersRouteRef,
    tenants: tenantsRouteRef,
    applications: applicationsRouteRef,
    usage: usageRouteRef,
  },
  extensions: [
    kubenovaApi,
    queryWrapper,
    datacentersPage,
    tenantsPage,
    applicationsPage,
    usagePage,
    ...catalogExtensions,
  ],
});
