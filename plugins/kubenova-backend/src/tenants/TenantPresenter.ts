import type { Knex } from 'knex';
import type { LinkStates, Outbox } from '../link/types';
import type * as models from '../schema/openapi/generated/models';
import { tenantKey } from './manifest';
import { toPlacementModel, toTenantModel } from './mappers';
import type { PlacementStore } from './PlacementStore';
import type { Tenant } from './types';

/** Puts tenants in the API's words, with their placements and what the link knows of them: four queries for any number. */
export class TenantPresenter {
  readonly #linkStates: LinkStates;
  readonly #outbox: Outbox;
  readonly #placements: PlacementStore;

  constructor(options: {
    linkStates: LinkStates;
    outbox: Outbox;
    placements: PlacementStore;
  }) {
    this.#linkStates = options.linkStates;
    this.#outbox = options.outbox;
    this.#placements = options.placements;
  }

  async presentOne(
    db: Knex | Knex.Transaction,
    tenant: Tenant,
  ): Promise<models.Tenant> {
    const [model] = await this.present(db, [tenant]);
    return model;
  }

  async present(
    db: Knex | Knex.Transaction,
    tenants: readonly Tenant[],
  ): Promise<models.Tenant[]> {
    const ids = tenants.map(({ id }) => id);
    const names = new Map(tenants.map(({ id, name }) => [id, name]));
    const placements = (await this.#placements.list(db, ids)).map(
      placement => ({
        placement,
        clusterId: placement.cluster.id,
        key: tenantKey(names.get(placement.tenantId) ?? ''),
      }),
    );
    const desired = await this.#outbox.find(
      db,
      placements.map(({ clusterId, key }) => ({ clusterId, key })),
    );
    const links = await this.#linkStates.find(db, [
      ...new Set(placements.map(({ clusterId }) => clusterId)),
    ]);
    const presented = placements.map(({ placement, clusterId, key }) => ({
      tenantId: placement.tenantId,
      model: toPlacementModel(
        placement,
        desired.find(d => d.clusterId === clusterId && d.key === key),
        links.find(link => link.clusterId === clusterId),
      ),
    }));
    return tenants.map(tenant =>
      toTenantModel(
        tenant,
        presented
          .filter(({ tenantId }) => tenantId === tenant.id)
          .map(({ model }) => model),
      ),
    );
  }
}
