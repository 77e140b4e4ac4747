import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type {
  ChangedRef,
  DesiredStateAdopter,
  HeldDesiredState,
} from '../link/types';
import { isUuid } from '../router';
import type { Placement, PlacementStore, TenantStore } from '../tenants';
import type { ApplicationStore } from './ApplicationStore';
import { checkApplicationYaml } from './checkApplicationYaml';
import { userYaml, velaApplication } from './manifest';
import {
  adoptDeployment,
  deleteDeployment,
  reviveApplication,
} from './operations/adoptDeployment';
import { findWantedApplications } from './operations/findWantedApplications';
import type { Application } from './types';

const KEY = /^applications\/(?<tenant>[^/]+)\/(?<name>[^/]+)$/;

/** How many revisions are looked at for the one that the datacenter has. */
const REVISIONS = 100;

/** An application as its key names it. */
interface Named {
  tenant: string;
  name: string;
}

/**
 * Takes over the applications that a datacenter has and the Manager forgot (D9): the deployment, and the application with its revision where
 * they are unknown too. Its tenant has to be placed there, so tenants come first.
 */
export class DeploymentAdopter implements DesiredStateAdopter {
  readonly #applications: ApplicationStore;
  readonly #placements: PlacementStore;
  readonly #tenants: TenantStore;
  readonly #uuid: () => string;

  constructor(options: {
    applications: ApplicationStore;
    placements: PlacementStore;
    tenants: TenantStore;
    uuid: () => string;
  }) {
    this.#applications = options.applications;
    this.#placements = options.placements;
    this.#tenants = options.tenants;
    this.#uuid = options.uuid;
  }

  adopts(key: string): boolean {
    return KEY.test(key);
  }

  async refusal(
    tx: Knex.Transaction,
    cluster: { id: string; name: string },
    state: HeldDesiredState,
    alongside: ReadonlySet<string>,
  ): Promise<string | undefined> {
    const named = namedBy(state);
    if (state.yaml === undefined) {
      return undefined;
    }
    const yaml = userYaml(state.yaml, { ...named, id: state.uid });
    if (yaml === undefined || !isUuid(state.uid)) {
      return 'it is no application of that name and uid; overwrite it.';
    }
    const check = checkApplicationYaml(yaml, named);
    if (check.outcome === 'refused') {
      return `${check.message} Or overwrite it.`;
    }
    const owner = await tx('deployments').where({ id: state.uid }).first();
    if (owner && owner.cluster_id !== cluster.id) {
      return 'its uid is that of an application elsewhere; overwrite it.';
    }
    const placement = await this.#placement(tx, cluster, named);
    return placement || alongside.has(`tenants/${named.tenant}`)
      ? undefined
      : `the tenant ${named.tenant} is not placed in ${cluster.name}; adopt the tenant too, or overwrite it.`;
  }

  async adopt(
    tx: Knex.Transaction,
    cluster: { id: string; name: string },
    state: HeldDesiredState,
    by: { actor: string; at: DateTime },
  ): Promise<ChangedRef[]> {
    const named = namedBy(state);
    const tenant = await this.#tenants.find(tx, named.tenant);
    const application =
      tenant &&
      (await this.#applications.findByName(tx, tenant.id, named.name));
    const yaml =
      state.yaml && userYaml(state.yaml, { ...named, id: state.uid });
    if (yaml === undefined || state.yaml === undefined) {
      if (!application) {
        return [];
      }
      const { id } = application;
      await deleteDeployment(tx, {
        applicationId: id,
        clusterId: cluster.id,
        uid: state.uid,
        at: by.at,
      });
      return [{ kind: 'application', id, ...named }];
    }
    const placement = await this.#placement(tx, cluster, named);
    if (!placement) {
      throw new Error(`${named.tenant} is not placed in ${cluster.name}`);
    }
    const adopted = await this.#adoptRevision(tx, {
      named,
      application,
      tenantId: placement.tenantId,
      state: { uid: state.uid, assembled: state.yaml, yaml },
      by,
    });
    await adoptDeployment(tx, {
      applicationId: adopted.id,
      clusterId: cluster.id,
      placementId: placement.id,
      uid: state.uid,
      revision: adopted.revision,
      at: by.at,
    });
    return [{ kind: 'application', id: adopted.id, ...named }];
  }

  async wantedIn(tx: Knex.Transaction, placementId: string): Promise<string[]> {
    return findWantedApplications(tx, placementId);
  }

  /** Finds the revision that was deployed, or adds it. */
  async #adoptRevision(
    tx: Knex.Transaction,
    options: {
      named: Named;
      application: Application | undefined;
      tenantId: string;
      state: { uid: string; assembled: string; yaml: string };
      by: { actor: string; at: DateTime };
    },
  ): Promise<{ id: string; revision: number }> {
    const { named, application, state, by } = options;
    const made = { createdBy: by.actor, createdAt: by.at };
    if (!application) {
      const id = this.#uuid();
      const { name } = named;
      const { tenantId } = options;
      const { yaml } = state;
      await this.#applications.insert(tx, {
        id,
        tenantId,
        name,
        yaml,
        ...made,
      });
      return { id, revision: 1 };
    }
    const { id } = application;
    await reviveApplication(tx, id, by.at);
    const revisions = await this.#applications.revisions(tx, id, {
      limit: REVISIONS,
    });
    const deployed = revisions.find(({ yaml }) => {
      const check = checkApplicationYaml(yaml, named);
      return (
        check.outcome === 'ok' &&
        velaApplication(check.application, { ...named, id: state.uid }) ===
          state.assembled
      );
    });
    if (deployed) {
      return { id, revision: deployed.revision };
    }
    const revision = application.revision + 1;
    await this.#applications.insertRevision(tx, id, {
      revision,
      yaml: state.yaml,
      ...made,
    });
    return { id, revision };
  }

  async #placement(
    tx: Knex.Transaction,
    cluster: { id: string },
    named: Named,
  ): Promise<Placement | undefined> {
    const tenant = await this.#tenants.find(tx, named.tenant);
    const placements = tenant
      ? await this.#placements.list(tx, [tenant.id])
      : [];
    return placements.find(
      placement => placement.cluster.id === cluster.id && !placement.deletingAt,
    );
  }
}

function namedBy({ key }: HeldDesiredState): Named {
  const { tenant, name } = KEY.exec(key)?.groups ?? {};
  return { tenant, name };
}
