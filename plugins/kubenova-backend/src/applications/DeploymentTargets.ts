import type { Knex } from 'knex';
import {
  beingDeleted,
  StateConflictError,
  UnknownObjectError,
} from '../errors';
import type { Placement, PlacementStore, Tenant } from '../tenants';
import { placementDeleting } from './DeploymentWriter';
import type { Deployment } from './types';

/** Knows the tenants; kept by the tenants. */
export interface TenantDirectory {
  /** @throws UnknownObjectError (TENANT_NOT_FOUND) */
  require(db: Knex | Knex.Transaction, name: string): Promise<Tenant>;
}

/** Knows the clusters; kept by the clusters. */
export interface ClusterDirectory {
  /** @throws UnknownObjectError (CLUSTER_NOT_FOUND) for the first that is not there. */
  requireAll(
    db: Knex | Knex.Transaction,
    names: readonly string[],
  ): Promise<Array<{ id: string; name: string }>>;
}

/** Finds out where an application is to be: in placements of its tenant, of which the user names the clusters. */
export class DeploymentTargets {
  readonly #clusters: ClusterDirectory;
  readonly #placements: PlacementStore;
  readonly #tenants: TenantDirectory;

  constructor(options: {
    clusters: ClusterDirectory;
    placements: PlacementStore;
    tenants: TenantDirectory;
  }) {
    this.#clusters = options.clusters;
    this.#placements = options.placements;
    this.#tenants = options.tenants;
  }

  /** @throws UnknownObjectError or StateConflictError where the tenant can't be deployed to in one of the clusters. */
  async require(
    tx: Knex.Transaction,
    tenantName: string,
    clusterNames: readonly string[],
  ): Promise<{ tenant: Tenant; placements: Placement[] }> {
    const tenant = await this.#tenants.require(tx, tenantName);
    if (tenant.deletingAt) {
      throw new StateConflictError(
        'PLACEMENT_DELETING',
        `The tenant ${tenantName} is being deleted; choose another tenant.`,
      );
    }
    const names = [...new Set(clusterNames)];
    await this.#clusters.requireAll(tx, names);
    const placements = await this.#placements.list(tx, [tenant.id]);
    return {
      tenant,
      placements: names.map(name => usable(tenantName, name, placements)),
    };
  }

  /**
   * Compares where an application is with where it is to be.
   *
   * @param clusterNames - absent: where it is now.
   */
  async choose(
    tx: Knex.Transaction,
    tenantName: string,
    clusterNames: readonly string[] | undefined,
    deployments: readonly Deployment[],
  ): Promise<{ add: Placement[]; keep: Deployment[]; remove: Deployment[] }> {
    const present = deployments.filter(({ deletingAt }) => !deletingAt);
    if (!clusterNames) {
      return { add: [], keep: present, remove: [] };
    }
    const { placements } = await this.require(tx, tenantName, clusterNames);
    const isWanted = ({ cluster }: Deployment) =>
      placements.some(placement => placement.cluster.id === cluster.id);
    const leaving = deployments.find(d => d.deletingAt && isWanted(d));
    if (leaving) {
      throw beingDeleted('The application', [leaving.cluster.name]);
    }
    return {
      add: placements.filter(
        ({ cluster }) => !present.some(d => d.cluster.id === cluster.id),
      ),
      keep: present.filter(isWanted),
      remove: present.filter(deployment => !isWanted(deployment)),
    };
  }
}

function usable(
  tenant: string,
  cluster: string,
  placements: readonly Placement[],
): Placement {
  const placement = placements.find(p => p.cluster.name === cluster);
  if (!placement) {
    throw new UnknownObjectError(
      'PLACEMENT_NOT_FOUND',
      `${tenant} is not placed in ${cluster}; place the tenant there first, or choose another cluster.`,
    );
  }
  if (placement.deletingAt) {
    throw placementDeleting(tenant, placement);
  }
  return placement;
}
