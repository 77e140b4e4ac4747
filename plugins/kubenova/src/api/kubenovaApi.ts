import {
  ApiBlueprint,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { KubenovaClient } from '@kubenova/plugin-kubenova-common';
import { kubenovaApiRef } from './kubenovaApiRef';

export const kubenovaApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: kubenovaApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: options => new KubenovaClient(options),
    }),
});
