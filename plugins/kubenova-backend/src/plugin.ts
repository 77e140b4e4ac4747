import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
  type DatabaseService,
  type SchedulerService,
} from '@backstage/backend-plugin-api';
import {
  metricsServiceRef,
  tracingServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { kubenovaPermissions } from '@kubenova/plugin-kubenova-common';
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  ApplicationPresenter,
  ApplicationProjection,
  ApplicationReader,
  ApplicationService,
  createApplicationRouter,
  DatabaseApplicationStore,
  DatabaseDeploymentStore,
  DeploymentAdopter,
  DeploymentTargets,
  DeploymentWriter,
} from './applications';
import { SignalChangeNotifier } from './changes';
import {
  BehindService,
  ClusterConfigAdopter,
  ClusterLinkService,
  ClusterProjection,
  ClusterService,
  createBehindRouter,
  createClusterLinkRouter,
  createClusterRouter,
  createParkedEventRouter,
  DatabaseClusterStore,
  DatabaseJoinTokenStore,
  DatabaseOperatorKeyStore,
  JoiningOperators,
  JoinTokenService,
  ParkedEventService,
  OperatorKeyService,
} from './clusters';
import {
  createLifecycleRouter,
  DatabaseLifecycleStore,
  LifecycleProjection,
  LifecycleService,
} from './lifecycle';
import {
  BehindDecisions,
  createLink,
  createLinkTelemetry,
  ParkedEvents,
  type Link,
} from './link';
import type { ChangeNotifier } from './link/types';
import { migrateDatabase } from './migrateDatabase';
import { createRouter, IdempotencyStore, RouteGuard } from './router';
import {
  createTenantRouter,
  DatabasePlacementStore,
  DatabaseTenantStore,
  PlacementAdopter,
  PlacementWriter,
  TenantPresenter,
  TenantProjection,
  TenantService,
} from './tenants';
import {
  createUsageRouter,
  DatabaseUsageStore,
  UsageProjection,
  UsageService,
} from './usage';
import {
  createUserRouter,
  DatabaseUserStore,
  everyoneIsAdministrator,
  UserService,
} from './users';

/**
 * The Manager: the API over clusters, tenants, applications and usage, and the link to the operators.
 *
 * @public
 */
export const kubenovaPlugin = createBackendPlugin({
  pluginId: 'kubenova',
  register(env) {
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        tracing: tracingServiceRef,
      },
      async init(deps) {
        const { config, events, lifecycle, logger, signals } = deps;
        const database = await migratedDatabase(deps.database);
        deps.permissionsRegistry.addPermissions(kubenovaPermissions);

        const userStore = new DatabaseUserStore();
        const changes = new SignalChangeNotifier({
          events,
          logger,
          recipients: () => userStore.entityRefs(database),
          signals,
        });
        const link = await createLink({
          config,
          logger,
          database,
          telemetry: createLinkTelemetry(deps),
        });
        const domains = createDomains({
          changes,
          database,
          link,
          manifestTemplate: await readManifest(),
          userStore,
        });

        const guard = new RouteGuard({ ...deps, users: domains.users });
        deps.httpRouter.use(
          await createRouter({
            domains: [
              createClusterRouter({ ...domains, guard }),
              createClusterLinkRouter({ ...domains, guard }),
              createBehindRouter({ ...domains, guard }),
              createLifecycleRouter({ ...domains, guard }),
              createParkedEventRouter({ ...domains, guard }),
              createTenantRouter({ ...domains, guard }),
              createUserRouter({ ...domains, guard }),
              createApplicationRouter({ ...domains, guard }),
              createUsageRouter({ ...domains, guard }),
            ],
          }),
        );
        await scheduleCleaning(deps.scheduler, domains.deleteExpired);

        lifecycle.addShutdownHook(async () => {
          await link.stop();
          await changes.stop();
        });
        await link.start({ ...domains, changes });
      },
    });
  },
});

async function migratedDatabase(service: DatabaseService): Promise<Knex> {
  const database = await service.getClient();
  if (database.client.config.client !== 'pg') {
    throw new Error(
      'KubeNova needs PostgreSQL; set backend.database.client to pg',
    );
  }
  if (!service.migrations?.skip) {
    await migrateDatabase(database);
  }
  return database;
}

async function readManifest(): Promise<string> {
  const path = resolvePackagePath(
    '@kubenova/plugin-kubenova-backend',
    'manifests/operator.yaml',
  );
  return readFile(path, 'utf8');
}

function createDomains(options: {
  changes: ChangeNotifier;
  database: Knex;
  link: Link;
  manifestTemplate: string;
  userStore: DatabaseUserStore;
}) {
  const { link } = options;
  const shared = {
    ...options,
    address: link.address,
    clock: () => DateTime.utc(),
    fence: link.fence,
    linkStates: link.states,
    outbox: link.outbox,
    randomBytes,
    uuid: randomUUID,
  };
  const idempotency = new IdempotencyStore(shared);
  const clusterStore = new DatabaseClusterStore();
  const tokenStore = new DatabaseJoinTokenStore();
  const operatorKeys = new DatabaseOperatorKeyStore();
  const tenantStore = new DatabaseTenantStore();
  const placements = new DatabasePlacementStore();
  const applicationStore = new DatabaseApplicationStore();
  const deployments = new DatabaseDeploymentStore();
  const usageStore = new DatabaseUsageStore();
  const lifecycleStore = new DatabaseLifecycleStore();

  const users = new UserService({
    ...shared,
    isAdministrator: everyoneIsAdministrator,
    store: options.userStore,
  });
  const clusters = new ClusterService({
    ...shared,
    idempotency,
    placements,
    store: clusterStore,
  });
  const tenants = new TenantService({
    ...shared,
    clusters,
    idempotency,
    placements,
    presenter: new TenantPresenter({ ...shared, placements }),
    tenants: tenantStore,
    writer: new PlacementWriter({
      ...shared,
      applications: deployments,
      placements,
    }),
  });
  const presenter = new ApplicationPresenter({ ...shared, deployments });
  const applicationReader = new ApplicationReader({
    ...shared,
    applications: applicationStore,
    presenter,
  });
  const applications = new ApplicationService({
    ...shared,
    applications: applicationStore,
    deployments,
    idempotency,
    presenter,
    reader: applicationReader,
    targets: new DeploymentTargets({ clusters, placements, tenants }),
    writer: new DeploymentWriter({ ...shared, deployments, placements }),
  });
  const clusterProjection = new ClusterProjection({ store: clusterStore });
  const tenantProjection = new TenantProjection({
    placements,
    tenants: tenantStore,
  });
  const applicationProjection = new ApplicationProjection({
    applications: applicationStore,
    deployments,
  });

  const deploymentAdopter = new DeploymentAdopter({
    ...shared,
    applications: applicationStore,
    placements,
    tenants: tenantStore,
  });
  const placementAdopter = new PlacementAdopter({
    ...shared,
    applications: deploymentAdopter,
    tenants: tenantStore,
  });
  const decisions = new BehindDecisions({
    ...shared,
    adopters: [new ClusterConfigAdopter(), placementAdopter, deploymentAdopter],
  });
  // Deployments before placements: a placement is not deleted while a deployment refers to it.
  const handlers = [
    applicationProjection,
    tenantProjection,
    clusterProjection,
    new UsageProjection({ store: usageStore }),
    new LifecycleProjection({ store: lifecycleStore }),
  ];

  return {
    applicationReader,
    applications,
    behind: new BehindService({ ...shared, clusters, decisions }),
    clusters,
    clusterLinks: new ClusterLinkService({
      ...shared,
      calls: link.calls,
      clusters,
      linkReports: link.reports,
      monotonicMs: () => performance.now(),
    }),
    operatorKeys: new OperatorKeyService({
      ...shared,
      clusters,
      keys: operatorKeys,
      rotations: link.rotations,
    }),
    lifecycle: new LifecycleService({
      ...shared,
      clusters,
      store: lifecycleStore,
    }),
    parkedEvents: new ParkedEventService({
      ...shared,
      clusters,
      parkedEvents: new ParkedEvents({ ...shared, handlers }),
    }),
    joinTokens: new JoinTokenService({
      ...shared,
      clusters,
      store: tokenStore,
    }),
    tenants,
    usage: new UsageService({ ...shared, store: usageStore }),
    users,
    registry: new JoiningOperators({
      ...shared,
      keys: operatorKeys,
      store: tokenStore,
    }),
    sessionListeners: [clusterProjection],
    handlers,
    snapshotListeners: [
      clusterProjection,
      tenantProjection,
      applicationProjection,
    ],
    deleteExpired: async () => {
      await idempotency.deleteExpired(options.database);
      await tokenStore.deleteExpired(options.database, shared.clock());
    },
  };
}

async function scheduleCleaning(
  scheduler: SchedulerService,
  deleteExpired: () => Promise<void>,
): Promise<void> {
  await scheduler.scheduleTask({
    id: 'delete-expired-keys-and-tokens',
    frequency: { hours: 1 },
    timeout: { minutes: 5 },
    scope: 'global',
    fn: deleteExpired,
  });
}
