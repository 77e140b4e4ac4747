import { mockCredentials } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { DateTime } from 'luxon';
import { randomUUID } from 'node:crypto';
import { useTestManager } from '../__testUtils__/useTestManager';
import { DatabaseUserStore } from './DatabaseUserStore';
import { UserService } from './UserService';

describe('the API of users', () => {
  const manager = useTestManager();

  it("makes a person's row at the first request, once", async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => manager.get('/users/me').expect(200)),
    );
    expect(answers[0].body).toEqual({
      id: expect.any(String),
      entityRef: 'user:default/ada',
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(answers[2].body).toEqual(answers[0].body);
    expect(await manager.db('users').select()).toHaveLength(1);
  });

  it('reads a user by id', async () => {
    const { body } = await manager.get('/users/me').expect(200);
    const read = await manager.get(`/users/${body.id}`, {
      user: 'user:default/bob',
    });
    expect(read.body).toEqual(body);
  });

  it('does not find a user who is none', async () => {
    for (const id of [randomUUID(), 'nobody']) {
      const { status, body } = await manager.get(`/users/${id}`);
      expect([status, body.error.code]).toEqual([404, 'USER_NOT_FOUND']);
    }
  });

  it('refuses anyone who is not signed in', async () => {
    const headers = { Authorization: mockCredentials.none.header() };
    await manager.get('/users/me', { headers }).expect(401);
  });

  describe('with administrators', () => {
    const users = () =>
      new UserService({
        clock: () => DateTime.utc(),
        database: manager.db,
        isAdministrator: actor => actor.ref === 'user:default/root',
        store: new DatabaseUserStore(),
        uuid: randomUUID,
      });

    it("refuses another user's id, whether there is one or not", async () => {
      const ada = await users().actorOf('user:default/ada');
      const root = await users().actorOf('user:default/root');
      const rootId = root.type === 'user' ? root.user.id : '';
      await expect(users().read(ada, rootId)).rejects.toThrow(NotAllowedError);
      await expect(users().read(ada, randomUUID())).rejects.toThrow(
        NotAllowedError,
      );
      await expect(users().read(root, rootId)).resolves.toMatchObject({
        entityRef: 'user:default/root',
      });
    });
  });
});
