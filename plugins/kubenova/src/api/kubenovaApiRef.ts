import { createApiRef } from '@backstage/frontend-plugin-api';
import type { KubenovaApi } from '@kubenova/plugin-kubenova-common';

/** The Manager, as the pages speak to it: with the user's own identity. */
export const kubenovaApiRef = createApiRef<KubenovaApi>().with({
  id: 'plugin.kubenova.client',
  pluginId: 'kubenova',
});
