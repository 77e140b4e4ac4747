import { nameProblem } from '@kubenova/plugin-kubenova-common';
import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import {
  InvalidRequestError,
  isUniqueViolation,
  StateConflictError,
  UnknownObjectError,
} from '../errors';
import type { ChangeNotifier, LinkStates, Outbox } from '../link/types';
import {
  changedMeanwhile,
  checkEtag,
  pageOf,
  type IdempotencyStore,
  type Page,
} from '../router';
import type * as models from '../schema/openapi/generated/models';
import type { Actor } from '../users';
import type { ClusterStore } from './ClusterStore';
import { CLUSTER_CONFIG_KEY, novaClusterConfig } from './manifest';
import { toClusterModel } from './mappers';
import type { Cluster } from './types';

/** Knows who is placed where; kept by the tenants. */
export interface PlacementDirectory {
  /** Names of the tenants placed in a cluster, those that are being deleted included. */
  tenantsIn(db: Knex | Knex.Transaction, clusterId: string): Promise<string[]>;
}

const DEFAULT_CONFIG: models.ClusterConfig = {
  installCapsule: true,
  installCapsuleProxy: true,
  installKubeVela: true,
  kubeVelaProfile: 'default',
};

/**
 * The rules of clusters.
 *
 * Lock order, here and in every domain: the outbox, which locks link rows, comes before any row that the ingest of events writes
 * (clusters, placements, deployments), because the ingest locks its link row first. So rows are read without a lock, the outbox is
 * written, and then rows are changed on condition that they are still what was read.
 */
export class ClusterService {
  readonly #changes: ChangeNotifier;
  readonly #clock: () => DateTime;
  readonly #database: Knex;
  readonly #idempotency: IdempotencyStore;
  readonly #linkStates: LinkStates;
  readonly #outbox: Outbox;
  readonly #placements: PlacementDirectory;
  readonly #store: ClusterStore;
  readonly #uuid: () => string;

  constructor(options: {
    changes: ChangeNotifier;
    clock: () => DateTime;
    database: Knex;
    idempotency: IdempotencyStore;
    linkStates: LinkStates;
    outbox: Outbox;
    placements: PlacementDirectory;
    store: ClusterStore;
    uuid: () => string;
  }) {
    this.#changes = options.changes;
    this.#clock = options.clock;
    this.#database = options.database;
    this.#idempotency = options.idempotency;
    this.#linkStates = options.linkStates;
    this.#outbox = options.outbox;
    this.#placements = options.placements;
    this.#store = options.store;
    this.#uuid = options.uuid;
  }

  async list(page: Page): Promise<models.ClusterList> {
    const clusters = await this.#store.list(this.#database, {
      limit: page.limit + 1,
      afterName: page.after?.[0],
    });
    const { items, nextCursor } = pageOf(clusters, page.limit, c => [c.name]);
    return { items: await this.#present(this.#database, items), nextCursor };
  }

  async get(name: string): Promise<models.Cluster> {
    return this.#presentOne(
      this.#database,
      await this.require(this.#database, name),
    );
  }

  /** @throws UnknownObjectError (CLUSTER_NOT_FOUND) */
  async require(db: Knex | Knex.Transaction, name: string): Promise<Cluster> {
    const cluster = await this.#store.find(db, name);
    if (!cluster) {
      throw clusterNotFound(name);
    }
    return cluster;
  }

  /** @throws UnknownObjectError (CLUSTER_NOT_FOUND) for the first that is not there. */
  async requireAll(
    db: Knex | Knex.Transaction,
    names: readonly string[],
  ): Promise<Cluster[]> {
    const clusters = await this.#store.findByNames(db, names);
    const unknown = names.find(
      name => !clusters.some(cluster => cluster.name === name),
    );
    if (unknown !== undefined) {
      throw clusterNotFound(unknown);
    }
    return clusters;
  }

  async create(
    request: models.CreateClusterRequest,
    options: { actor: Actor; idempotencyKey?: string },
  ): Promise<models.Cluster> {
    const problem = nameProblem(request.name);
    if (problem) {
      throw new InvalidRequestError('NAME_INVALID', problem);
    }
    const repeatable = {
      actor: options.actor.ref,
      key: options.idempotencyKey,
      operation: 'POST /clusters',
      body: request,
    };
    const answer = await this.#database.transaction(tx =>
      this.#idempotency.once(tx, repeatable, () => this.#insert(tx, request)),
    );
    this.#changed(request.name);
    return answer;
  }

  async update(
    name: string,
    request: models.UpdateClusterRequest,
    options: { ifMatch?: string },
  ): Promise<models.Cluster> {
    const updated = await this.#database.transaction(async tx => {
      const cluster = await this.require(tx, name);
      checkEtag(cluster, options.ifMatch);
      const config = { ...cluster.config, ...request.config };
      await this.#want(tx, cluster.id, config);
      const change = {
        id: cluster.id,
        version: cluster.version,
        datacenter: request.datacenter ?? cluster.datacenter,
        config,
        at: this.#clock(),
      };
      if (!(await this.#store.update(tx, change))) {
        throw changedMeanwhile();
      }
      return this.#presentOne(tx, await this.require(tx, name));
    });
    this.#changed(name);
    return updated;
  }

  async delete(name: string, options: { ifMatch?: string }): Promise<void> {
    await this.#database.transaction(async tx => {
      const { id, ...cluster } = await this.require(tx, name);
      checkEtag(cluster, options.ifMatch);
      // Nobody is told: this takes the lock of the link row, which goes with the cluster.
      await this.#outbox.remove(tx, {
        clusterId: id,
        key: CLUSTER_CONFIG_KEY,
        uid: id,
      });
      const tenants = await this.#placements.tenantsIn(tx, id);
      if (tenants.length > 0) {
        throw new StateConflictError(
          'CLUSTER_NOT_EMPTY',
          `Tenants are placed in ${name}: ${tenants.join(
            ', ',
          )}. Take them out of it first.`,
        );
      }
      await this.#store.delete(tx, id);
    });
    this.#changed(name);
  }

  async reportProgress(
    name: string,
    progress: { message: string; percent?: number },
  ): Promise<models.Cluster> {
    const cluster = await this.require(this.#database, name);
    const isWaiting = await this.#store.setProgress(
      this.#database,
      cluster.id,
      {
        message: progress.message,
        percent: progress.percent,
        updatedAt: this.#clock(),
      },
    );
    if (!isWaiting) {
      throw new StateConflictError(
        'ALREADY_CONNECTED',
        `The operator of ${name} has connected; from now on it tells its progress itself.`,
      );
    }
    this.#changed(name);
    return this.get(name);
  }

  async #insert(
    tx: Knex.Transaction,
    request: models.CreateClusterRequest,
  ): Promise<models.Cluster> {
    const config = { ...DEFAULT_CONFIG, ...request.config };
    const cluster = {
      id: this.#uuid(),
      novaClusterId: this.#uuid(),
      name: request.name,
      datacenter: request.datacenter,
      config,
      createdAt: this.#clock(),
    };
    try {
      await this.#store.insert(tx, cluster);
    } catch (error) {
      throw isUniqueViolation(error)
        ? new StateConflictError(
            'NAME_TAKEN',
            `A cluster named ${request.name} exists; choose another name.`,
          )
        : error;
    }
    await this.#want(tx, cluster.id, config);
    return this.#presentOne(tx, await this.require(tx, request.name));
  }

  async #want(
    tx: Knex.Transaction,
    clusterId: string,
    config: models.ClusterConfig,
  ): Promise<void> {
    await this.#outbox.put(tx, {
      clusterId,
      key: CLUSTER_CONFIG_KEY,
      uid: clusterId,
      yaml: novaClusterConfig(config),
    });
  }

  async #presentOne(
    db: Knex | Knex.Transaction,
    cluster: Cluster,
  ): Promise<models.Cluster> {
    const [model] = await this.#present(db, [cluster]);
    return model;
  }

  async #present(
    db: Knex | Knex.Transaction,
    clusters: readonly Cluster[],
  ): Promise<models.Cluster[]> {
    const ids = clusters.map(({ id }) => id);
    const keys = ids.map(clusterId => ({ clusterId, key: CLUSTER_CONFIG_KEY }));
    const desired = await this.#outbox.find(db, keys);
    const links = await this.#linkStates.find(db, ids);
    return clusters.map(cluster =>
      toClusterModel(
        cluster,
        desired.find(({ clusterId }) => clusterId === cluster.id),
        links.find(({ clusterId }) => clusterId === cluster.id),
      ),
    );
  }

  #changed(name: string): void {
    this.#changes.changed([{ kind: 'cluster', name }]);
  }
}

export function clusterNotFound(name: string): UnknownObjectError {
  return new UnknownObjectError(
    'CLUSTER_NOT_FOUND',
    `There is no cluster named ${name}; look at the list of clusters for the right name.`,
  );
}
