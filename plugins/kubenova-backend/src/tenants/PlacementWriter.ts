import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import { beingDeleted, isReserved, StateConflictError } from '../errors';
import type { Outbox } from '../link/types';
import { inClusterOrder } from '../sync';
import { novaTenant, tenantKey } from './manifest';
import type { PlacementStore } from './PlacementStore';
import type { Placement, Tenant } from './types';

/** Knows what is deployed where; kept by the applications. */
export interface ApplicationDirectory {
  /** Names of the applications deployed in a placement, those that are being deleted included. */
  inPlacement(
    db: Knex | Knex.Transaction,
    placementId: string,
  ): Promise<string[]>;
}

/**
 * Writes placements together with what their operators are to have.
 *
 * Link rows (by the outbox) are locked before placements, and in the order of the clusters' ids, so that no two transactions wait for
 * each other (see ClusterService).
 */
export class PlacementWriter {
  readonly #applications: ApplicationDirectory;
  readonly #clock: () => DateTime;
  readonly #outbox: Outbox;
  readonly #placements: PlacementStore;
  readonly #uuid: () => string;

  constructor(options: {
    applications: ApplicationDirectory;
    clock: () => DateTime;
    outbox: Outbox;
    placements: PlacementStore;
    uuid: () => string;
  }) {
    this.#applications = options.applications;
    this.#clock = options.clock;
    this.#outbox = options.outbox;
    this.#placements = options.placements;
    this.#uuid = options.uuid;
  }

  /** @throws StateConflictError (NAME_BEING_DELETED) where a cluster still deletes an earlier tenant of the name (D3). */
  async place(
    tx: Knex.Transaction,
    tenant: Pick<Tenant, 'id' | 'name' | 'displayName'>,
    clusters: ReadonlyArray<{ id: string; name: string }>,
  ): Promise<void> {
    for (const cluster of inClusterOrder(clusters, ({ id }) => id)) {
      const id = this.#uuid();
      const state = {
        clusterId: cluster.id,
        key: tenantKey(tenant.name),
        uid: id,
        yaml: novaTenant(tenant, { id }),
      };
      await this.#outbox.put(tx, state).catch(error => {
        throw isReserved(error)
          ? beingDeleted(tenant.name, [cluster.name])
          : error;
      });
      await this.#placements.insert(tx, {
        id,
        tenantId: tenant.id,
        clusterId: cluster.id,
        createdAt: this.#clock(),
      });
    }
  }

  /**
   * Wants placements gone. A row goes at once where its operator was never told of it, else when the operator has confirmed.
   *
   * @throws StateConflictError (TENANT_NOT_EMPTY) where there are applications.
   */
  async remove(
    tx: Knex.Transaction,
    tenant: Tenant,
    placements: readonly Placement[],
  ): Promise<void> {
    for (const placement of inClusterOrder(placements, p => p.cluster.id)) {
      const { id, cluster } = placement;
      const tombstone = await this.#outbox.remove(tx, {
        clusterId: cluster.id,
        key: tenantKey(tenant.name),
        uid: id,
      });
      await this.#placements.markDeleting(tx, id, this.#clock());
      const applications = await this.#applications.inPlacement(tx, id);
      if (applications.length > 0) {
        throw notEmpty(tenant.name, cluster.name, applications);
      }
      if (!tombstone) {
        await this.#placements.delete(tx, id);
      }
    }
  }
}

function notEmpty(
  tenant: string,
  cluster: string,
  applications: readonly string[],
): StateConflictError {
  return new StateConflictError(
    'TENANT_NOT_EMPTY',
    `${tenant} has applications in ${cluster}: ${applications.join(
      ', ',
    )}. Delete them first, and wait until they are gone.`,
  );
}
