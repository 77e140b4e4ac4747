import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type {
  ChangedRef,
  DesiredStateAdopter,
  HeldDesiredState,
} from '../link/types';
import { isUuid } from '../router';
import { objectIn, parseHeld } from '../sync';
import { tenantKey } from './manifest';
import { adoptPlacement, findPlacement } from './operations/adoptPlacement';
import { reviveTenant } from './operations/reviveTenant';
import type { TenantStore } from './TenantStore';

/** Knows what is wanted where; kept by the applications. */
export interface WantedApplications {
  /** Names of the applications deployed in a placement, without those that are being deleted. */
  wantedIn(tx: Knex.Transaction, placementId: string): Promise<string[]>;
}

const KEY_PREFIX = tenantKey('');

/** Takes over the tenants that a datacenter has and the Manager forgot (D9): the placement, and the tenant where it is unknown too. */
export class PlacementAdopter implements DesiredStateAdopter {
  readonly #applications: WantedApplications;
  readonly #tenants: TenantStore;
  readonly #uuid: () => string;

  constructor(options: {
    applications: WantedApplications;
    tenants: TenantStore;
    uuid: () => string;
  }) {
    this.#applications = options.applications;
    this.#tenants = options.tenants;
    this.#uuid = options.uuid;
  }

  adopts(key: string): boolean {
    return key.startsWith(KEY_PREFIX);
  }

  async refusal(
    tx: Knex.Transaction,
    cluster: { id: string },
    state: HeldDesiredState,
    alongside: ReadonlySet<string>,
  ): Promise<string | undefined> {
    const name = nameOf(state);
    const tenant = await this.#tenants.find(tx, name);
    if (state.yaml === undefined) {
      return tenant && this.#notEmpty(tx, cluster, tenant, alongside);
    }
    if (!displayNameOf(state)) {
      return 'it is no tenant of that name and uid; overwrite it.';
    }
    const owner = await tx('placements').where({ id: state.uid }).first();
    if (
      owner &&
      (owner.cluster_id !== cluster.id || owner.tenant_id !== tenant?.id)
    ) {
      return 'its uid is that of a tenant elsewhere; overwrite it.';
    }
    const related =
      tenant === undefined && (await this.#tenants.findRelatedName(tx, name));
    return related
      ? `there is a tenant named ${related}, and both would share namespaces; overwrite it, or delete ${related} first.`
      : undefined;
  }

  async adopt(
    tx: Knex.Transaction,
    cluster: { id: string },
    state: HeldDesiredState,
    by: { actor: string; at: DateTime },
  ): Promise<ChangedRef[]> {
    const name = nameOf(state);
    const displayName = displayNameOf(state);
    const tenant = await this.#tenants.find(tx, name);
    if (displayName === undefined) {
      if (tenant) {
        await adoptPlacement(tx, {
          tenantId: tenant.id,
          clusterId: cluster.id,
          uid: state.uid,
          at: by.at,
          deleting: true,
        });
      }
      return [{ kind: 'tenant', name }];
    }
    const tenantId = tenant?.id ?? this.#uuid();
    if (tenant) {
      await reviveTenant(tx, tenantId, by.at);
    } else {
      await this.#tenants.insert(tx, {
        id: tenantId,
        name,
        displayName,
        createdBy: by.actor,
        createdAt: by.at,
      });
    }
    await adoptPlacement(tx, {
      tenantId,
      clusterId: cluster.id,
      uid: state.uid,
      at: by.at,
      deleting: false,
    });
    return [{ kind: 'tenant', name }];
  }

  async #notEmpty(
    tx: Knex.Transaction,
    cluster: { id: string },
    tenant: { id: string; name: string },
    alongside: ReadonlySet<string>,
  ): Promise<string | undefined> {
    const placement = await findPlacement(tx, {
      tenantId: tenant.id,
      clusterId: cluster.id,
    });
    const wanted = placement
      ? await this.#applications.wantedIn(tx, placement.id)
      : [];
    const left = wanted.filter(
      name => !alongside.has(`applications/${tenant.name}/${name}`),
    );
    return left.length > 0
      ? `the tenant is deleted there, but its applications are wanted here: ${left.join(
          ', ',
        )}. Delete them first, or overwrite it.`
      : undefined;
  }
}

function nameOf({ key }: HeldDesiredState): string {
  return key.slice(KEY_PREFIX.length);
}

/** Of a NovaTenant that has the name and the uid that it is held under; `undefined` for anything else, a tombstone too. */
function displayNameOf(state: HeldDesiredState): string | undefined {
  const object =
    state.yaml === undefined ? undefined : parseHeld(state.yaml, 'NovaTenant');
  if (!object || !isUuid(state.uid)) {
    return undefined;
  }
  const { uid, displayName } = objectIn(object, 'spec');
  const { name } = objectIn(object, 'metadata');
  if (uid !== state.uid || name !== nameOf(state)) {
    return undefined;
  }
  return typeof displayName === 'string' && displayName ? displayName : name;
}
