import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import { StateConflictError, UnknownObjectError } from '../errors';
import type { ChangeNotifier } from '../link/types';
import {
  changedMeanwhile,
  checkEtag,
  pageOf,
  type IdempotencyStore,
  type Page,
} from '../router';
import type * as models from '../schema/openapi/generated/models';
import type { Actor } from '../users';
import { checkTenantName } from './checkTenantName';
import type { PlacementStore } from './PlacementStore';
import type { PlacementWriter } from './PlacementWriter';
import type { TenantPresenter } from './TenantPresenter';
import type { TenantStore } from './TenantStore';
import type { Placement, Tenant } from './types';

/** Knows the clusters; kept by the clusters. */
export interface ClusterDirectory {
  /** @throws UnknownObjectError (CLUSTER_NOT_FOUND) for the first that is not there. */
  requireAll(
    db: Knex | Knex.Transaction,
    names: readonly string[],
  ): Promise<Array<{ id: string; name: string }>>;
}

/** The rules of tenants and placements. For the order of locks see ClusterService. */
export class TenantService {
  readonly #changes: ChangeNotifier;
  readonly #clock: () => DateTime;
  readonly #clusters: ClusterDirectory;
  readonly #database: Knex;
  readonly #idempotency: IdempotencyStore;
  readonly #placements: PlacementStore;
  readonly #presenter: TenantPresenter;
  readonly #tenants: TenantStore;
  readonly #uuid: () => string;
  readonly #writer: PlacementWriter;

  constructor(options: {
    changes: ChangeNotifier;
    clock: () => DateTime;
    clusters: ClusterDirectory;
    database: Knex;
    idempotency: IdempotencyStore;
    placements: PlacementStore;
    presenter: TenantPresenter;
    tenants: TenantStore;
    uuid: () => string;
    writer: PlacementWriter;
  }) {
    this.#changes = options.changes;
    this.#clock = options.clock;
    this.#clusters = options.clusters;
    this.#database = options.database;
    this.#idempotency = options.idempotency;
    this.#placements = options.placements;
    this.#presenter = options.presenter;
    this.#tenants = options.tenants;
    this.#uuid = options.uuid;
    this.#writer = options.writer;
  }

  async list(page: Page): Promise<models.TenantList> {
    const tenants = await this.#tenants.list(this.#database, {
      limit: page.limit + 1,
      afterName: page.after?.[0],
    });
    const { items, nextCursor } = pageOf(tenants, page.limit, t => [t.name]);
    return {
      items: await this.#presenter.present(this.#database, items),
      nextCursor,
    };
  }

  async get(name: string): Promise<models.Tenant> {
    const tenant = await this.require(this.#database, name);
    return this.#presenter.presentOne(this.#database, tenant);
  }

  /** @throws UnknownObjectError (TENANT_NOT_FOUND) */
  async require(db: Knex | Knex.Transaction, name: string): Promise<Tenant> {
    const tenant = await this.#tenants.find(db, name);
    if (!tenant) {
      throw new UnknownObjectError(
        'TENANT_NOT_FOUND',
        `There is no tenant named ${name}; look at the list of tenants for the right name.`,
      );
    }
    return tenant;
  }

  async create(
    request: models.CreateTenantRequest,
    options: { actor: Actor; idempotencyKey?: string },
  ): Promise<models.Tenant> {
    const repeatable = {
      actor: options.actor.ref,
      key: options.idempotencyKey,
      operation: 'POST /tenants',
      body: request,
    };
    const answer = await this.#database.transaction(tx =>
      this.#idempotency.once(tx, repeatable, () =>
        this.#insert(tx, request, options.actor),
      ),
    );
    this.#changed(request.name);
    return answer;
  }

  /** Deletes a tenant without applications; its name stays taken until every cluster has confirmed (D3). */
  async delete(
    name: string,
    options: { ifMatch?: string },
  ): Promise<models.Tenant> {
    return this.#change(name, options, async (tx, tenant) => {
      if (tenant.deletingAt) {
        return 'unchanged';
      }
      const placements = await this.#placements.list(tx, [tenant.id]);
      await this.#writer.remove(tx, tenant, placements);
      return 'deleting';
    });
  }

  /** Places a tenant in one more cluster; where it is placed already, nothing changes. */
  async createPlacement(
    name: string,
    clusterName: string,
    options: { ifMatch?: string },
  ): Promise<models.Tenant> {
    return this.#change(name, options, async (tx, tenant) => {
      const clusters = await this.#clusters.requireAll(tx, [clusterName]);
      if (tenant.deletingAt) {
        throw new StateConflictError(
          'PLACEMENT_DELETING',
          `The tenant ${name} is being deleted; wait until it is gone, then create it again.`,
        );
      }
      const placement = await this.#findPlacement(tx, tenant, clusterName);
      if (placement?.deletingAt) {
        throw new StateConflictError(
          'PLACEMENT_DELETING',
          `${name} is still being deleted in ${clusterName}; wait until it is gone there, then place it again.`,
        );
      }
      if (placement) {
        return 'unchanged';
      }
      await this.#writer.place(tx, tenant, clusters);
      return 'changed';
    });
  }

  /** Takes a tenant out of a cluster in which it has no applications. */
  async deletePlacement(
    name: string,
    clusterName: string,
    options: { ifMatch?: string },
  ): Promise<models.Tenant> {
    return this.#change(name, options, async (tx, tenant) => {
      await this.#clusters.requireAll(tx, [clusterName]);
      const placement = await this.#findPlacement(tx, tenant, clusterName);
      if (!placement) {
        throw new UnknownObjectError(
          'PLACEMENT_NOT_FOUND',
          `${name} is not placed in ${clusterName}; look at the tenant's page for where it is.`,
        );
      }
      if (placement.deletingAt) {
        return 'unchanged';
      }
      await this.#writer.remove(tx, tenant, [placement]);
      return 'changed';
    });
  }

  async #insert(
    tx: Knex.Transaction,
    request: models.CreateTenantRequest,
    actor: Actor,
  ): Promise<models.Tenant> {
    await checkTenantName(tx, request.name, {
      tenants: this.#tenants,
      placements: this.#placements,
    });
    const names = [...new Set(request.clusters)];
    const clusters = await this.#clusters.requireAll(tx, names);
    const tenant = {
      id: this.#uuid(),
      name: request.name,
      displayName: request.displayName || request.name,
      createdAt: this.#clock(),
    };
    await this.#tenants.insert(tx, { ...tenant, createdBy: actor.ref });
    await this.#writer.place(tx, tenant, clusters);
    return this.#presenter.presentOne(tx, await this.require(tx, request.name));
  }

  async #findPlacement(
    tx: Knex.Transaction,
    tenant: Tenant,
    clusterName: string,
  ): Promise<Placement | undefined> {
    const placements = await this.#placements.list(tx, [tenant.id]);
    return placements.find(({ cluster }) => cluster.name === clusterName);
  }

  /** Reads a tenant, changes it, and raises its version, on condition that nobody else did meanwhile. */
  async #change(
    name: string,
    options: { ifMatch?: string },
    change: (
      tx: Knex.Transaction,
      tenant: Tenant,
    ) => Promise<'unchanged' | 'changed' | 'deleting'>,
  ): Promise<models.Tenant> {
    const answer = await this.#database.transaction(async tx => {
      const tenant = await this.require(tx, name);
      checkEtag(tenant, options.ifMatch);
      const outcome = await change(tx, tenant);
      if (outcome !== 'unchanged') {
        const touched = await this.#tenants.touch(tx, {
          id: tenant.id,
          version: tenant.version,
          at: this.#clock(),
          ...(outcome === 'deleting' && { deleting: true }),
        });
        if (!touched) {
          throw changedMeanwhile();
        }
      }
      const changed = await this.require(tx, name);
      const presented = await this.#presenter.presentOne(tx, changed);
      await this.#tenants.deleteIfVacated(tx, tenant.id);
      return presented;
    });
    this.#changed(name);
    return answer;
  }

  #changed(name: string): void {
    this.#changes.changed([{ kind: 'tenant', name }]);
  }
}
