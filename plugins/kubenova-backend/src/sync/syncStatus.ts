import type { DesiredState } from '../link/types';
import type { SyncState, SyncStatus } from '../schema/openapi/generated/models';
import type { ApplyRecord } from './ApplyRecord';

/**
 * Whether what was asked for is applied: what the Manager wants (from the outbox) against what the operator last told.
 *
 * An outcome counts only for the generation that is wanted now; news of an older one say nothing about it.
 */
export function syncStatus(
  desired: DesiredState | undefined,
  apply: ApplyRecord,
): SyncStatus {
  const generation = desired?.generation ?? 0;
  const isCurrent = generation > 0 && apply.generation === generation;
  const message = isCurrent ? apply.message : pendingMessage(desired);
  return {
    state: stateOf(desired, isCurrent ? apply : undefined),
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
