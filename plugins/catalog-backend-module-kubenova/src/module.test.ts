import {
  createBackendModule,
  createServiceFactory,
  type ServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { CatalogClient } from '@backstage/catalog-client';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import type { KubenovaApi } from '@kubenova/plugin-kubenova-common';
import {
  KUBENOVA_CHANGED_TOPIC,
  kubenovaServiceRef,
} from '@kubenova/plugin-kubenova-node';
import { catalogModuleKubenova } from './module';
import { aCluster, FakeKubenovaApi } from './testing';

function fakeKubenova(api: FakeKubenovaApi): ServiceFactory {
  const value = api as unknown as KubenovaApi;
  return createServiceFactory({
    service: kubenovaServiceRef,
    deps: {},
    factory: () => ({
      forPlugin: async () => value,
      forCredentials: async () => value,
    }),
  });
}

describe('catalogModuleKubenova', () => {
  it('shows a cluster in the catalog once the bus tells of it', async () => {
    const api = new FakeKubenovaApi();
    let changed: (refs: unknown[]) => Promise<void> = async () => {};
    const bus = createBackendModule({
      pluginId: 'catalog',
      moduleId: 'test-bus',
      register: env =>
        env.registerInit({
          deps: { events: eventsServiceRef },
          async init({ events }) {
            changed = refs =>
              events.publish({
                topic: KUBENOVA_CHANGED_TOPIC,
                eventPayload: { refs },
              });
          },
        }),
    });
    const { server } = await startTestBackend({
      features: [
        catalogPlugin,
        catalogModuleKubenova,
        bus,
        fakeKubenova(api),
        mockServices.rootConfig.factory({
          data: {
            catalog: {
              stitchingStrategy: {
                mode: 'deferred',
                pollingInterval: { milliseconds: 100 },
              },
            },
          },
        }),
      ],
    });
    const catalog = new CatalogClient({
      discoveryApi: {
        getBaseUrl: async id => `http://localhost:${server.port()}/api/${id}`,
      },
    });

    api.addCluster(aCluster('fra1'));
    await changed([{ kind: 'cluster', name: 'fra1' }]);

    let entity;
    while (!entity) {
      entity = await catalog.getEntityByRef('resource:default/fra1');
    }
    expect(entity.spec).toMatchObject({
      type: 'kubernetes-cluster',
      owner: 'group:default/platform',
    });
  }, 60_000);
});
