import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { NavContentBlueprint } from '@backstage/plugin-app-react';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { signalApiRef } from '@backstage/plugin-signals-react';
import type { KubenovaApi } from '@kubenova/plugin-kubenova-common';
import { mutate } from 'swr';
import { kubenovaApiRef } from '../api';
import plugin from '../plugin';
import { FakeSignals } from './FakeSignals';

/** The sidebar is the app's own, and not what is tested here. */
const withoutSidebar = createFrontendModule({
  pluginId: 'app',
  extensions: [NavContentBlueprint.make({ params: { component: () => null } })],
});

type RenderPagesOptions = {
  api: KubenovaApi;
  /** Names of the permissions that the user lacks. */
  denied?: string[];
};

/** Opens a page of the whole plugin in a test app, at its own path. */
export function renderPages(path: string, options: RenderPagesOptions) {
  const { api, denied = [] } = options;
  forgetDecisions();
  const signals = new FakeSignals();
  const permissions = mockApis.permission({
    authorize: ({ permission }) =>
      (denied.includes(permission.name) ? 'DENY' : 'ALLOW') as never,
  });
  renderTestApp({
    features: [plugin, withoutSidebar],
    initialRouteEntries: [path],
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    apis: [
      [kubenovaApiRef, api],
      [signalApiRef, signals],
      [permissionApiRef, permissions],
    ],
  });
  return { signals };
}

/** Backstage keeps decisions on permissions for as long as the process lives; each page of a test has its own. */
function forgetDecisions(): void {
  void mutate(() => true, undefined);
}
