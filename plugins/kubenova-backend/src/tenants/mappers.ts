import type { DesiredState, LinkStates } from '../link/types';
import { etagOf } from '../router';
import type * as models from '../schema/openapi/generated/models';
import {
  NOT_OBSERVED_MESSAGE,
  syncStatus,
  toConditionModels,
  withObserved,
} from '../sync';
import type { Placement, Tenant } from './types';

type LinkState = Awaited<ReturnType<LinkStates['find']>>[number];

/** A tenant in the API's words. */
export function toTenantModel(
  tenant: Tenant,
  placements: models.Placement[],
): models.Tenant {
  return {
    id: tenant.id,
    name: tenant.name,
    displayName: tenant.displayName,
    placements,
    deleting: tenant.deletingAt !== undefined,
    createdAt: tenant.createdAt.toJSDate(),
    updatedAt: tenant.updatedAt.toJSDate(),
    etag: etagOf(tenant),
  };
}

/** A placement in the API's words, with what the link knows of it. */
export function toPlacementModel(
  placement: Placement,
  desired: DesiredState | undefined,
  link: LinkState | undefined,
): models.Placement {
  // A state of another uid belongs to an earlier placement of the same name.
  const own = desired?.uid === placement.id ? desired : undefined;
  const sync = syncStatus(own, placement.apply, placement.notObservedAt);
  const status = statusOf(placement, sync);
  const message =
    status === 'unknown'
      ? NOT_OBSERVED_MESSAGE
      : sync.message ?? problemOf(placement);
  return {
    id: placement.id,
    cluster: placement.cluster.name,
    status,
    ...(message && { message }),
    namespaces: placement.namespaces,
    conditions: toConditionModels(
      withObserved(placement.conditions, placement.notObservedAt),
    ),
    sync,
    stale: link?.stale ?? false,
  };
}

function statusOf(
  placement: Placement,
  sync: models.SyncStatus,
): models.PlacementStatusEnum {
  if (placement.deletingAt) {
    return 'deleting';
  }
  if (sync.state === 'Failed' || sync.state === 'Refused') {
    return 'error';
  }
  if (placement.notObservedAt) {
    return 'unknown';
  }
  // What was told of an older generation is not known of the one that is wanted.
  const isCurrent = placement.statusGeneration >= sync.desiredGeneration;
  switch (isCurrent ? placement.phase : undefined) {
    case undefined:
    case 'Pending':
      return 'pending';
    case 'Provisioning':
      return 'provisioning';
    case 'Ready':
      return 'ready';
    case 'Error':
      return 'error';
    case 'Deleting':
      return 'deleting';
    default:
      throw new Error(`Unknown phase: ${placement.phase}`);
  }
}

function problemOf(placement: Placement): string | undefined {
  return placement.conditions.find(
    ({ status, message }) => status === 'False' && message,
  )?.message;
}
