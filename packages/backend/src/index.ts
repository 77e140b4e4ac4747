import { createBackend } from '@backstage/backend-defaults';
import { rootHttpRouter } from './rootHttpRouter';
import { telemetry } from './telemetry';

const backend = createBackend();

backend.add(rootHttpRouter);
backend.add(telemetry);

backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(
  import('@backstage/plugin-permission-backend-module-allow-all-policy'),
);

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));

backend.add(import('@backstage/plugin-scaffolder-backend'));

backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-pg'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));

// Without it events would stay within one process, and replicas would not hear of each other's changes.
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-user-settings-backend'));

backend.add(import('@kubenova/plugin-kubenova-backend'));
backend.add(import('@kubenova/plugin-catalog-backend-module-kubenova'));
backend.add(import('@kubenova/plugin-scaffolder-backend-module-kubenova'));

// Backstage would log what failed and wait on, unready: nobody who runs it would notice.
backend.start().catch(error => {
  process.stderr.write(`The backend did not start. ${error}\n`);
  process.exit(1);
});
