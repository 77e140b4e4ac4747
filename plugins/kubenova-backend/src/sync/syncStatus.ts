import type { DateTime } from 'luxon';
import type { DesiredState } from '../link/types';
import type { SyncState, SyncStatus } from '../schema/openapi/generated/models';
import type { ApplyRecord } from './ApplyRecord';
import { NOT_OBSERVED_MESSAGE } from './notObserved';

/**
 * Whether what was asked for is applied: what the Manager wants (from the outbox) against what the operator last told.
 *
 * An outcome counts only for the generation that is wanted now; news of an older one say nothing about it. Nor does that something was
 * applied once its datacenter did not name it among all that it has (E7).
 */
export function syncStatus(
  desired: DesiredState | undefined,
  apply: ApplyRecord,
  notObservedAt?: DateTime,
): SyncStatus {
  const generation = desired?.generation ?? 0;
  const isCurrent = generation > 0 && apply.generation === generation;
  const told = stateOf(desired, isCurrent ? apply : undefined);
  const state = told === 'Synced' && notObservedAt ? 'Unknown' : told;
  const toldMessage = isCurrent ? apply.message : pendingMessage(desired);
  const message = state === 'Unknown' ? NOT_OBSERVED_MESSAGE : toldMessage;
  return {
    state,
    desiredGeneration: generation,
    ...(message && { message }),
    ...(desired?.acceptedGeneration !== undefined && {
      acceptedGeneration: desired.acceptedGeneration,
    }),
    ...(apply.appliedGeneration !== undefined && {
      appliedGeneration: apply.appliedGeneration,
    }),
    ...(apply.lastSyncedAt && { lastSyncedAt: apply.lastSyncedAt.toJSDate() }),
  };
}

function stateOf(
  desired: DesiredState | undefined,
  current: ApplyRecord | undefined,
): SyncState {
  if (desired?.tombstone) {
    return desired.deletedAt ? 'Deleted' : 'Deleting';
  }
  const outcome = current?.outcome;
  switch (outcome) {
    case undefined:
      return 'Pending';
    case 'Applied':
      return 'Synced';
    default:
      return outcome;
  }
}

function pendingMessage(desired: DesiredState | undefined): string | undefined {
  if (!desired) {
    return undefined;
  }
  const isAccepted = desired.acceptedGeneration === desired.generation;
  return isAccepted
    ? 'The operator has it and is applying it.'
    : 'Waiting for the operator to take it.';
}

/** From worst to best. */
const WORST_FIRST: readonly SyncState[] = [
  'Refused',
  'Failed',
  'Unknown',
  'Waiting',
  'Pending',
  'Deleting',
  'Synced',
  'Deleted',
];

/** The summary of several: the worst. */
export function worstSync(states: readonly SyncState[]): SyncState {
  return WORST_FIRST.find(state => states.includes(state)) ?? 'Pending';
}
