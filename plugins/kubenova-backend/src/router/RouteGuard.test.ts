import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  clusterCreatePermission,
  clusterReadPermission,
} from '@kubenova/plugin-kubenova-common';
import type { Request } from 'express';
import { DateTime } from 'luxon';
import { RouteGuard } from './RouteGuard';

const requestOf = (authorization: string) =>
  ({ headers: { authorization } } as Request);

const ada = {
  id: '1',
  entityRef: 'user:default/ada',
  createdAt: DateTime.utc(),
};

function guardThat(result: AuthorizeResult.ALLOW | AuthorizeResult.DENY) {
  const outcomes: string[] = [];
  const auditor = mockServices.auditor.mock({
    createEvent: async ({ eventId }) => ({
      success: async () => void outcomes.push(`${eventId} succeeded`),
      fail: async ({ error }) =>
        void outcomes.push(`${eventId} failed: ${error.message}`),
    }),
  });
  const guard = new RouteGuard({
    auditor,
    httpAuth: mockServices.httpAuth(),
    permissions: mockServices.permissions({ result }),
    users: {
      actorOf: async ref => ({ type: 'user', user: ada, ref }),
    },
  });
  return { guard, outcomes };
}

describe('RouteGuard', () => {
  const person = requestOf(mockCredentials.user.header('user:default/ada'));

  it('finds out which person asks', async () => {
    const { guard } = guardThat(AuthorizeResult.ALLOW);
    await expect(
      guard.authorize(person, clusterReadPermission),
    ).resolves.toEqual({ type: 'user', user: ada, ref: 'user:default/ada' });
  });

  it('knows a service as one', async () => {
    const { guard } = guardThat(AuthorizeResult.ALLOW);
    const service = requestOf(mockCredentials.service.header());
    await expect(
      guard.authorize(service, clusterReadPermission),
    ).resolves.toEqual({ type: 'service', ref: 'external:test-service' });
  });

  it('refuses who lacks the permission, and names it', async () => {
    const { guard } = guardThat(AuthorizeResult.DENY);
    await expect(
      guard.authorize(person, clusterCreatePermission),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining('kubenova.cluster.create'),
    });
  });

  it('refuses who is not signed in', async () => {
    const { guard } = guardThat(AuthorizeResult.ALLOW);
    const nobody = requestOf(mockCredentials.none.header());
    await expect(
      guard.authorize(nobody, clusterReadPermission),
    ).rejects.toMatchObject({ name: 'AuthenticationError' });
  });

  it('writes down changes that succeed and changes that fail', async () => {
    const { guard, outcomes } = guardThat(AuthorizeResult.ALLOW);
    const event = { eventId: 'cluster-create', meta: { name: 'fra1' } };
    await expect(guard.audited(person, event, async () => 7)).resolves.toBe(7);
    const failing = guard.audited(person, event, async () => {
      throw new Error('taken');
    });
    await expect(failing).rejects.toThrow('taken');
    expect(outcomes).toEqual([
      'cluster-create succeeded',
      'cluster-create failed: taken',
    ]);
  });
});
