import { DateTime } from 'luxon';
import { randomBytes } from 'node:crypto';
import { makeClusters } from '../__testUtils__/platform';
import { useTestManager } from '../__testUtils__/useTestManager';
import { DatabaseJoinTokenStore } from './DatabaseJoinTokenStore';
import { DatabaseOperatorKeyStore } from './DatabaseOperatorKeyStore';
import { JoiningOperators } from './JoiningOperators';
import { fenceLink } from '../link/lease/operations/fenceLink';
import { readFileSync } from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';

const MANIFEST = resolvePackagePath(
  '@kubenova/plugin-kubenova-backend',
  'manifests/operator.yaml',
);

describe('JoiningOperators', () => {
  const manager = useTestManager();
  let now: DateTime;
  let novaClusterId: string;

  const operators = () =>
    new JoiningOperators({
      address: {
        publicUrl: 'https://nova:7443',
        installationId: 'i',
        caPem: 'ca',
        pinnedKey: 'sha256//x',
      },
      clock: () => now,
      database: manager.db,
      fence: { fence: fenceLink },
      manifestTemplate: readFileSync(MANIFEST, 'utf8'),
      keys: new DatabaseOperatorKeyStore(),
      store: new DatabaseJoinTokenStore(),
    });
  const newToken = async (cluster = 'fra1'): Promise<string> =>
    (await manager.post(`/clusters/${cluster}/join-command`, {})).body.token;

  beforeEach(async () => {
    now = DateTime.utc();
    await makeClusters(manager, 'fra1', 'ams1');
    ({ novaClusterId } = (await manager.get('/clusters/fra1')).body);
  });

  it('binds a token to the first key, which may repeat it', async () => {
    const joinToken = await newToken();
    const publicKey = randomBytes(32);
    const request = { joinToken, novaClusterId, publicKey };
    const enrolled = { outcome: 'enrolled', clusterName: 'fra1' };
    expect(await operators().enroll(request)).toEqual(enrolled);
    expect(await operators().enroll(request)).toEqual(enrolled);
    expect(
      await operators().enroll({ ...request, publicKey: randomBytes(32) }),
    ).toMatchObject({ outcome: 'refused', reason: 'used_token' });
    expect(await operators().find(novaClusterId)).toMatchObject({
      name: 'fra1',
      keys: [publicKey],
    });
  });

  it('lets one of two keys win that come at the same time', async () => {
    const joinToken = await newToken();
    const outcomes = await Promise.all(
      [1, 2].map(() =>
        operators().enroll({
          joinToken,
          novaClusterId,
          publicKey: randomBytes(32),
        }),
      ),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
      'enrolled',
      'refused',
    ]);
  });

  it('replaces a lost operator by one with a new token', async () => {
    const [lost, found] = [randomBytes(32), randomBytes(32)];
    for (const publicKey of [lost, found]) {
      const joinToken = await newToken();
      await operators().enroll({ joinToken, novaClusterId, publicKey });
    }
    expect(await operators().find(novaClusterId)).toMatchObject({
      keys: [found],
    });
  });

  it('ends the session of the operator that it replaces, not that of one which repeats itself', async () => {
    const { id } = (await manager.get('/clusters/fra1')).body;
    const epoch = async () =>
      Number(
        (await manager.db('links').where({ cluster_id: id }).first())?.epoch,
      );
    const enroll = async () => {
      const joinToken = await newToken();
      const request = { joinToken, novaClusterId, publicKey: randomBytes(32) };
      await operators().enroll(request);
      return request;
    };
    await enroll();
    const before = await epoch();

    const repeated = await enroll();
    expect(await epoch()).toBe(before + 1);

    await operators().enroll(repeated);
    expect(await epoch()).toBe(before + 1);
  });

  it.each([
    ['a token that was made up', 'unknown_token', async () => 'knj_x'],
    [
      'a token that has expired',
      'expired_token',
      async () => {
        const token = await newToken();
        now = now.plus({ hours: 1, seconds: 1 });
        return token;
      },
    ],
    ["another cluster's token", 'unknown_cluster', () => newToken('ams1')],
  ])('refuses %s, and changes nothing', async (_, reason, token) => {
    const joinToken = await token();
    const before = await manager.state();
    expect(
      await operators().enroll({
        joinToken,
        novaClusterId,
        publicKey: randomBytes(32),
      }),
    ).toMatchObject({
      outcome: 'refused',
      reason,
      message: expect.stringMatching(/\.$/),
    });
    expect(await manager.state()).toEqual(before);
    expect(await operators().find(novaClusterId)).toMatchObject({ keys: [] });
  });

  it('gives the manifest to the bearer of a token that is fresh', async () => {
    const joinToken = await newToken();
    expect(await operators().joinManifest(joinToken)).toMatchObject({
      outcome: 'ok',
      manifest: expect.stringContaining(joinToken),
    });
    await operators().enroll({
      joinToken,
      novaClusterId,
      publicKey: randomBytes(32),
    });
    expect(await operators().joinManifest(joinToken)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('new join command'),
    });
    expect(await operators().joinManifest('knj_x')).toMatchObject({
      outcome: 'refused',
    });
    const late = await newToken();
    now = now.plus({ hours: 2 });
    expect(await operators().joinManifest(late)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('expired'),
    });
  });

  it('knows nobody by an id that is no UUID, nor after the cluster was deleted', async () => {
    expect(await operators().find('fra1')).toBeUndefined();
    await operators().enroll({
      joinToken: await newToken(),
      novaClusterId,
      publicKey: randomBytes(32),
    });
    await manager.delete('/clusters/fra1').expect(204);
    expect(await operators().find(novaClusterId)).toBeUndefined();
  });

  it('knows a next key beside the present one, and makes it the present one when it opens a session', async () => {
    const [present, next] = [randomBytes(32), randomBytes(32)];
    await operators().enroll({
      joinToken: await newToken(),
      novaClusterId,
      publicKey: present,
    });
    const { clusterId } = (await operators().find(novaClusterId))!;
    const keep = (publicKey: Buffer) =>
      manager.db.transaction(tx =>
        operators().keepNextKey(tx, { clusterId, publicKey }),
      );
    const settle = (publicKey: Buffer) =>
      manager.db.transaction(tx =>
        operators().settleKey(tx, { clusterId, publicKey }),
      );
    expect(await keep(randomBytes(32))).toBe(true);
    expect(await keep(next)).toBe(true);
    expect(await keep(present)).toBe(false);
    expect(await operators().find(novaClusterId)).toMatchObject({
      keys: [present, next],
    });

    expect(await settle(present)).toBe('present');
    expect(await settle(next)).toBe('next');

    expect(await settle(next)).toBe('present');
    expect(await settle(present)).toBeUndefined();
    expect(await operators().find(novaClusterId)).toMatchObject({
      keys: [next],
    });
  });

  it('does not let a key come back that was replaced, by repeating its Enroll', async () => {
    const [joinToken, publicKey] = [await newToken(), randomBytes(32)];
    await operators().enroll({ joinToken, novaClusterId, publicKey });
    const newest = randomBytes(32);
    await operators().enroll({
      joinToken: await newToken(),
      novaClusterId,
      publicKey: newest,
    });
    expect(
      await operators().enroll({ joinToken, novaClusterId, publicKey }),
    ).toMatchObject({ outcome: 'refused', reason: 'revoked_key' });
    expect(await operators().find(novaClusterId)).toMatchObject({
      keys: [newest],
    });
  });

  it('never takes a revoked key again, and another one with a new token', async () => {
    const [joinToken, publicKey] = [await newToken(), randomBytes(32)];
    await operators().enroll({ joinToken, novaClusterId, publicKey });
    const { clusterId } = (await operators().find(novaClusterId))!;
    await manager.db.transaction(tx =>
      new DatabaseOperatorKeyStore().revokeAll(tx, clusterId),
    );
    expect(await operators().find(novaClusterId)).toMatchObject({
      keys: [],
      revoked: true,
    });

    for (const token of [joinToken, await newToken()]) {
      expect(
        await operators().enroll({
          joinToken: token,
          novaClusterId,
          publicKey,
        }),
      ).toMatchObject({
        outcome: 'refused',
        reason: 'revoked_key',
        message: expect.stringContaining('new join command'),
      });
    }
    const found = randomBytes(32);
    await operators().enroll({
      joinToken: await newToken(),
      novaClusterId,
      publicKey: found,
    });
    expect(await operators().find(novaClusterId)).toMatchObject({
      keys: [found],
      revoked: false,
    });
  });
});
