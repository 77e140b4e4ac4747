import {
  ClusterStatusEvent,
  ComponentStatus,
  Condition,
  TenantStatusEvent,
  UsageRecordEvent,
} from '../types';

/** An event that can't be put into the domains' words. It is parked (E9): sending it again would not help. */
export class UnreadableEventError extends Error {
  readonly name = 'UnreadableEventError';
}

/*
 * The words that are strings on the wire. `satisfies` keeps each list within its type; an operator of a later release may know more.
 */
type Meter = UsageRecordEvent['meters'][number];

export const CLUSTER_PHASES = [
  'Pending',
  'Installing',
  'Ready',
  'Error',
] as const satisfies ReadonlyArray<ClusterStatusEvent['phase']>;

export const COMPONENT_NAMES = [
  'capsule',
  'capsule-proxy',
  'kubevela',
] as const satisfies ReadonlyArray<ComponentStatus['name']>;

export const COMPONENT_PHASES = [
  'Pending',
  'Installing',
  'Ready',
  'Error',
  'Disabled',
] as const satisfies ReadonlyArray<ComponentStatus['phase']>;

export const TENANT_PHASES = [
  'Pending',
  'Provisioning',
  'Ready',
  'Error',
  'Deleting',
] as const satisfies ReadonlyArray<TenantStatusEvent['phase']>;

export const CONDITION_STATUSES = [
  'True',
  'False',
  'Unknown',
] as const satisfies ReadonlyArray<Condition['status']>;

export const METERS = [
  'cpu_request',
  'memory_request',
  'pvc_capacity',
  'load_balancers',
  'namespaces',
  'pods',
  'applications',
] as const satisfies ReadonlyArray<Meter['meter']>;

export const UNITS = [
  'core-minutes',
  'byte-minutes',
  'count-minutes',
] as const satisfies ReadonlyArray<Meter['unit']>;

/** @throws UnreadableEventError where the word is not one of the list. */
export function checked<T extends string>(
  word: string,
  words: readonly T[],
  what: string,
): T {
  const known = words.find(candidate => candidate === word);
  if (known === undefined) {
    throw new UnreadableEventError(
      `The ${what} '${word}' is not known; it is one of ${words.join(', ')}`,
    );
  }
  return known;
}
