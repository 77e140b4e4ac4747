/**
 * Fills the catalog with clusters, tenants and applications.
 *
 * 1. A delta follows each change that the event bus tells of, so that a new object is in the catalog at once. The bus may lose or repeat
 *    events, and an event may be older than what is read: a delta is always made from the object as the API answers now.
 * 2. A full mutation, run by one replica now and then, repairs what deltas missed.
 * 3. Mutations run one after another. Otherwise a full one that read its lists before a delta, and is applied after it,
 *    would take the new entity away again.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { eachItem, type KubenovaApi } from '@kubenova/plugin-kubenova-common';
import type { ChangedRef } from '@kubenova/plugin-kubenova-node';
import {
  applicationToEntity,
  clusterToEntity,
  tenantToEntities,
} from './entities';
import { readChanged } from './readChanged';

export class KubenovaEntityProvider implements EntityProvider {
  readonly #api: () => Promise<KubenovaApi>;
  readonly #logger: LoggerService;
  readonly #platformOwner: string;
  #connection?: EntityProviderConnection;
  #last: Promise<void> = Promise.resolve();

  constructor(options: {
    /** KubeNova's API with the catalog's own rights. */
    api: () => Promise<KubenovaApi>;
    logger: LoggerService;
    /** Entity reference of the team that owns the clusters. */
    platformOwner: string;
  }) {
    this.#api = options.api;
    this.#logger = options.logger;
    this.#platformOwner = options.platformOwner;
  }

  getProviderName(): string {
    return 'kubenova';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
  }

  /** Makes the catalog's entities of KubeNova exactly what the API lists. */
  async refreshAll(): Promise<void> {
    await this.#afterTheLast(async connection => {
      const entities = await this.#readAll();
      await connection.applyMutation({
        type: 'full',
        entities: entities.map(deferred),
      });
      this.#logger.info('Refreshed all KubeNova entities', {
        entities: String(entities.length),
      });
    });
  }

  /** Reads again what changed, and adds, updates or removes its entities. */
  async refresh(refs: readonly ChangedRef[]): Promise<void> {
    await this.#afterTheLast(async connection => {
      const changed = await readChanged({
        api: await this.#api(),
        refs,
        platformOwner: this.#platformOwner,
      });
      if (changed.added.length || changed.removed.length) {
        await connection.applyMutation({
          type: 'delta',
          added: changed.added.map(deferred),
          removed: changed.removed.map(entityRef => ({ entityRef })),
        });
      }
    });
  }

  async #readAll(): Promise<Entity[]> {
    const api = await this.#api();
    const entities: Entity[] = [];
    for await (const cluster of eachItem(page => api.listClusters(page))) {
      const platformOwner = this.#platformOwner;
      entities.push(clusterToEntity(cluster, { platformOwner }));
    }
    for await (const tenant of eachItem(page => api.listTenants(page))) {
      entities.push(...tenantToEntities(tenant));
    }
    for await (const application of eachItem(page =>
      api.listApplications(page),
    )) {
      entities.push(applicationToEntity(application));
    }
    return entities;
  }

  #afterTheLast(
    mutate: (connection: EntityProviderConnection) => Promise<void>,
  ): Promise<void> {
    const connection = this.#connection;
    if (!connection) {
      // The catalog connects its providers before it runs their tasks; an event that is earlier is covered by the first full mutation.
      return Promise.resolve();
    }
    const run = this.#last.then(() => mutate(connection));
    this.#last = run.catch(() => {});
    return run;
  }
}

function deferred(entity: Entity) {
  return { entity, locationKey: 'kubenova' };
}
