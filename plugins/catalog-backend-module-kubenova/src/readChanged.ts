import type { Entity } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import {
  applicationEntityRef,
  clusterEntityRef,
  type KubenovaApi,
  tenantGroupRef,
  tenantSystemRef,
} from '@kubenova/plugin-kubenova-common';
import type { ChangedRef } from '@kubenova/plugin-kubenova-node';
import {
  applicationToEntity,
  clusterToEntity,
  tenantToEntities,
} from './entities';

/** What a delta consists of: entities that are there, and references of those that are not. */
export interface Changed {
  added: Entity[];
  removed: string[];
}

/** Asks the API for each object that changed; what it does not know any more is removed. */
export async function readChanged(options: {
  api: KubenovaApi;
  refs: readonly ChangedRef[];
  platformOwner: string;
}): Promise<Changed> {
  const changed: Changed = { added: [], removed: [] };
  for (const ref of distinct(options.refs)) {
    const { added, removed } = await readOne({ ...options, ref });
    changed.added.push(...added);
    changed.removed.push(...removed);
  }
  return changed;
}

async function readOne(options: {
  api: KubenovaApi;
  ref: ChangedRef;
  platformOwner: string;
}): Promise<Changed> {
  const { api, ref, platformOwner } = options;
  switch (ref.kind) {
    case 'cluster':
      return present(
        () => api.getCluster(ref.name),
        cluster => [clusterToEntity(cluster, { platformOwner })],
        [clusterEntityRef(ref.name)],
      );
    case 'tenant':
      return present(() => api.getTenant(ref.name), tenantToEntities, [
        tenantSystemRef(ref.name),
        tenantGroupRef(ref.name),
      ]);
    case 'application':
      return present(
        () => api.getApplication(ref.id),
        application => [applicationToEntity(application)],
        [applicationEntityRef(ref)],
      );
    case 'usage':
      return { added: [], removed: [] };
    default:
      return ref satisfies never;
  }
}

async function present<T>(
  read: () => Promise<T>,
  toEntities: (object: T) => Entity[],
  references: string[],
): Promise<Changed> {
  try {
    return { added: toEntities(await read()), removed: [] };
  } catch (error) {
    if (ResponseError.is(error) && error.statusCode === 404) {
      return { added: [], removed: references };
    }
    throw error;
  }
}

function distinct(refs: readonly ChangedRef[]): ChangedRef[] {
  return [...new Map(refs.map(ref => [JSON.stringify(ref), ref])).values()];
}
