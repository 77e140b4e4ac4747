import {
  nameProblem,
  reservedTenantWord,
} from '@kubenova/plugin-kubenova-common';
import type { Knex } from 'knex';
import {
  beingDeleted,
  InvalidRequestError,
  StateConflictError,
} from '../errors';
import type { PlacementStore } from './PlacementStore';
import type { TenantStore } from './TenantStore';

/**
 * Refuses a name that a new tenant can't have (T5): its namespaces `<name>-…` must be no other's, neither the platform's nor another
 * tenant's. Holds the lock of names until the end of the transaction.
 */
export async function checkTenantName(
  tx: Knex.Transaction,
  name: string,
  stores: { tenants: TenantStore; placements: PlacementStore },
): Promise<void> {
  const problem = nameProblem(name);
  if (problem) {
    throw new InvalidRequestError('NAME_INVALID', problem);
  }
  const word = reservedTenantWord(name);
  if (word) {
    throw new InvalidRequestError(
      'NAME_RESERVED',
      `Names that are ${word} or begin with ${word}- belong to the platform; choose another name.`,
    );
  }
  await stores.tenants.lockNames(tx);
  const taken = await stores.tenants.find(tx, name);
  if (taken?.deletingAt) {
    const placements = await stores.placements.list(tx, [taken.id]);
    const clusters = placements.map(({ cluster }) => cluster.name);
    throw beingDeleted(name, clusters);
  }
  if (taken) {
    throw new StateConflictError(
      'NAME_TAKEN',
      `A tenant named ${name} exists; choose another name.`,
    );
  }
  const related = await stores.tenants.findRelatedName(tx, name);
  if (related) {
    throw new StateConflictError(
      'NAME_RESERVED',
      `There is a tenant named ${related}, and names that differ only by what follows a hyphen would share namespaces; choose another name.`,
    );
  }
}
