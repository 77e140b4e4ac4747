import { DateTime } from 'luxon';
import type { ApplyOutcome, DesiredState } from '../link/types';
import { syncStatus, worstSync } from './syncStatus';

const at = DateTime.fromISO('2026-11-24T06:00:00Z', { zone: 'utc' });
const desired = (state: Partial<DesiredState> = {}): DesiredState => ({
  clusterId: 'c',
  key: 'tenants/acme',
  uid: 'u',
  generation: 5,
  tombstone: false,
  ...state,
});
const told = (outcome: ApplyOutcome, generation: number) => ({
  generation,
  outcome,
  message: 'As told.',
  appliedGeneration: 4,
  lastSyncedAt: at,
});

describe('syncStatus', () => {
  it('is pending until the operator spoke of the wanted generation', () => {
    expect(syncStatus(desired(), told('Applied', 4))).toEqual({
      state: 'Pending',
      message: 'Waiting for the operator to take it.',
      desiredGeneration: 5,
      appliedGeneration: 4,
      lastSyncedAt: at.toJSDate(),
    });
    expect(
      syncStatus(desired({ acceptedGeneration: 5 }), told('Failed', 4)),
    ).toMatchObject({
      state: 'Pending',
      acceptedGeneration: 5,
      message: 'The operator has it and is applying it.',
    });
  });

  it.each<[ApplyOutcome, string]>([
    ['Applied', 'Synced'],
    ['Waiting', 'Waiting'],
    ['Failed', 'Failed'],
    ['Refused', 'Refused'],
  ])('takes over %s as %s', (outcome, state) => {
    expect(syncStatus(desired(), told(outcome, 5))).toMatchObject({
      state,
      message: 'As told.',
    });
  });

  it('is deleting until the tombstone is confirmed', () => {
    const tombstone = desired({ tombstone: true });
    expect(syncStatus(tombstone, told('Waiting', 5)).state).toBe('Deleting');
    expect(
      syncStatus({ ...tombstone, deletedAt: at }, told('Deleted', 5)).state,
    ).toBe('Deleted');
  });

  it('is pending without a desired state', () => {
    expect(syncStatus(undefined, { generation: 0 })).toEqual({
      state: 'Pending',
      desiredGeneration: 0,
    });
  });
});

describe('worstSync', () => {
  it('is the worst of several', () => {
    expect(worstSync(['Synced', 'Pending'])).toBe('Pending');
    expect(worstSync(['Waiting', 'Failed', 'Synced'])).toBe('Failed');
    expect(worstSync(['Deleting', 'Synced'])).toBe('Deleting');
    expect(worstSync([])).toBe('Pending');
  });
});
