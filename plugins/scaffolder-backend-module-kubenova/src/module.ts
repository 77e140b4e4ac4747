import { createBackendModule } from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { kubenovaServiceRef } from '@kubenova/plugin-kubenova-node';
import { createTenantAction, deployApplicationAction } from './actions';

/**
 * KubeNova's actions for software templates.
 *
 * @public
 */
export const scaffolderModuleKubenova = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'kubenova',
  register(env) {
    env.registerInit({
      deps: {
        scaffolder: scaffolderActionsExtensionPoint,
        kubenova: kubenovaServiceRef,
      },
      async init({ scaffolder, kubenova }) {
        scaffolder.addActions(
          createTenantAction({ kubenova }),
          deployApplicationAction({ kubenova }),
        );
      },
    });
  },
});
