import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  changedRefsOf,
  KUBENOVA_CHANGED_TOPIC,
  kubenovaServiceRef,
} from '@kubenova/plugin-kubenova-node';
import { KubenovaEntityProvider } from './KubenovaEntityProvider';

/**
 * Clusters, tenants and applications of KubeNova as entities of the catalog.
 *
 * @public
 */
export const catalogModuleKubenova = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'kubenova',
  register(env) {
    env.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        events: eventsServiceRef,
        kubenova: kubenovaServiceRef,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ catalog, config, events, kubenova, logger, scheduler }) {
        const provider = new KubenovaEntityProvider({
          api: () => kubenova.forPlugin(),
          logger,
          platformOwner:
            config.getOptionalString('kubenova.catalog.platformOwner') ??
            'group:default/platform',
        });
        catalog.addEntityProvider(provider);
        await events.subscribe({
          id: 'catalog-kubenova',
          topics: [KUBENOVA_CHANGED_TOPIC],
          onEvent: event => provider.refresh(changedRefsOf(event.eventPayload)),
        });
        await scheduler.scheduleTask({
          id: 'kubenova-refresh-all',
          scope: 'global',
          frequency: { minutes: 10 },
          initialDelay: { seconds: 3 },
          timeout: { minutes: 5 },
          fn: () => provider.refreshAll(),
        });
      },
    });
  },
});
