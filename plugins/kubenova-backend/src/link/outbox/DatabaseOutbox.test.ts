import { randomUUID } from 'node:crypto';
import { insertCluster, useTestDatabase } from '../__testUtils__/testDatabase';
import { DesiredState } from '../types';
import { DatabaseOutbox } from './DatabaseOutbox';

const KEY = 'tenants/acme';

describe('DatabaseOutbox', () => {
  const database = useTestDatabase();
  const outbox = new DatabaseOutbox();

  async function setUp(options: { everConnected?: boolean } = {}) {
    const { db } = database;
    const cluster = await insertCluster(db);
    if (options.everConnected ?? true) {
      await db('links').insert({ cluster_id: cluster.id, epoch: 1 });
    }
    const clusterId = cluster.id;
    return {
      clusterId,
      put: (uid: string, yaml: string, key = KEY) =>
        db.transaction(tx => outbox.put(tx, { clusterId, key, uid, yaml })),
      remove: (uid: string, key = KEY) =>
        db.transaction(tx => outbox.remove(tx, { clusterId, key, uid })),
      find: async (key = KEY): Promise<DesiredState | undefined> =>
        (await outbox.find(db, [{ clusterId, key }]))[0],
      confirm: () =>
        db('desired_states')
          .where({ cluster_id: clusterId, key: KEY })
          .update({ deleted_at: db.fn.now() }),
    };
  }

  it('raises one counter for all keys of a cluster', async () => {
    const { put } = await setUp();

    expect(await put(randomUUID(), 'a: 1')).toEqual({ generation: 1 });
    expect(await put(randomUUID(), 'b: 1', 'tenants/b')).toEqual({
      generation: 2,
    });
  });

  it('takes no generation for YAML that did not change', async () => {
    const { put, find } = await setUp();
    const uid = randomUUID();
    await put(uid, 'a: 1');

    expect(await put(uid, 'a: 1')).toEqual({ generation: 1 });
    expect(await put(uid, 'a: 2')).toEqual({ generation: 2 });
    expect(await find()).toMatchObject({ generation: 2, yaml: 'a: 2' });
  });

  it('gives every writer its own generation, visible in the order of the numbers', async () => {
    const { put, find } = await setUp({ everConnected: false });
    const keys = Array.from({ length: 20 }, (_, index) => `tenants/t${index}`);

    const written = await Promise.all(
      keys.map(key => put(randomUUID(), `name: ${key}`, key)),
    );

    expect(written.map(({ generation }) => generation).sort(byNumber)).toEqual(
      keys.map((_, index) => index + 1),
    );
    for (const key of keys) {
      expect(await find(key)).toBeDefined();
    }
  });

  it('writes nothing when the transaction of the caller is rolled back', async () => {
    const { clusterId, find } = await setUp();
    const uid = randomUUID();

    await expect(
      database.db.transaction(async tx => {
        await outbox.put(tx, { clusterId, key: KEY, uid, yaml: 'a: 1' });
        throw new Error('the caller changed its mind');
      }),
    ).rejects.toThrow('the caller changed its mind');

    expect(await find()).toBeUndefined();
    expect(
      await database.db('links').where({ cluster_id: clusterId }).first(),
    ).toMatchObject({ generation: '0' });
  });

  it('refuses a cluster that is not known', async () => {
    const clusterId = randomUUID();
    await expect(
      database.db.transaction(tx =>
        outbox.put(tx, {
          clusterId,
          key: KEY,
          uid: randomUUID(),
          yaml: 'a: 1',
        }),
      ),
    ).rejects.toThrow(`There is no cluster with the id '${clusterId}'`);
  });

  it('refuses a key of a kind that can not be sent', async () => {
    const { put } = await setUp();
    await expect(
      put(randomUUID(), 'a: 1', 'secrets/acme/password'),
    ).rejects.toThrow("'secrets/acme/password' can't be sent");
  });

  it('keeps the key reserved until its tombstone is confirmed', async () => {
    const { put, remove, confirm, find } = await setUp();
    const [first, second] = [randomUUID(), randomUUID()];
    await put(first, 'a: 1');

    expect(await remove(first)).toEqual({ generation: 2 });
    expect(await find()).toMatchObject({ tombstone: true, yaml: undefined });
    await expect(put(second, 'a: 1')).rejects.toThrow('is still being deleted');
    await expect(put(first, 'a: 1')).rejects.toThrow('is still being deleted');
    expect(await remove(first)).toEqual({ generation: 2 });

    await confirm();
    expect(await put(second, 'a: 1')).toEqual({ generation: 3 });
    expect(await find()).toMatchObject({
      uid: second,
      tombstone: false,
      deletedAt: undefined,
    });
  });

  it('refuses a key that belongs to another object', async () => {
    const { put } = await setUp();
    await put(randomUUID(), 'a: 1');
    await expect(put(randomUUID(), 'a: 1')).rejects.toThrow(
      'belongs to another object',
    );
  });

  it('removes nothing that another object has, or that was never wanted', async () => {
    const { put, remove, find } = await setUp();
    expect(await remove(randomUUID())).toBeUndefined();
    await put(randomUUID(), 'a: 1');
    expect(await remove(randomUUID())).toBeUndefined();
    expect(await find()).toMatchObject({ tombstone: false });
  });

  it('needs no tombstone where no operator ever had a session', async () => {
    const { put, remove, find } = await setUp({ everConnected: false });
    const uid = randomUUID();
    await put(uid, 'a: 1');

    expect(await remove(uid)).toBeUndefined();
    expect(await find()).toBeUndefined();
    expect(await put(randomUUID(), 'a: 1')).toEqual({ generation: 2 });
  });

  describe('retry', () => {
    async function failed(outcome: string) {
      const test = await setUp();
      const uid = randomUUID();
      await test.put(uid, 'a: 1');
      await database
        .db('desired_states')
        .where({ cluster_id: test.clusterId, key: KEY })
        .update({
          accepted_generation: 1,
          result_generation: 1,
          outcome,
          message: 'As told.',
        });
      const retry = (key = KEY) =>
        database.db.transaction(tx =>
          outbox.retry(tx, { clusterId: test.clusterId, key }),
        );
      return { ...test, uid, retry };
    }

    it.each(['Failed', 'Refused', 'Waiting'])(
      'says the same thing under a new generation after %s',
      async outcome => {
        const { retry, find, uid } = await failed(outcome);
        expect(await retry()).toEqual({ outcome: 'written', generation: 2 });
        expect(await find()).toMatchObject({
          generation: 2,
          acceptedGeneration: 1,
          uid,
          yaml: 'a: 1',
        });
        // It is on its way; there is nothing to try again.
        expect(await retry()).toEqual({ outcome: 'not_failed' });
      },
    );

    it('says nothing after what did not fail', async () => {
      const { retry, find } = await failed('Applied');
      expect(await retry()).toEqual({ outcome: 'not_failed', last: 'Applied' });
      expect(await retry('tenants/none')).toEqual({ outcome: 'unknown' });
      expect(await find()).toMatchObject({ generation: 1 });
    });

    it('asks once more for the deletion of what could not be deleted', async () => {
      const { clusterId, remove, retry, find, uid } = await failed('Failed');
      await remove(uid);
      await database
        .db('desired_states')
        .where({ cluster_id: clusterId })
        .update({ result_generation: 2, outcome: 'Failed' });
      expect(await retry()).toEqual({ outcome: 'written', generation: 3 });
      expect(await find()).toMatchObject({ tombstone: true, uid });
    });
  });

  it('keeps the name of what the datacenter still has while it is away (D3)', async () => {
    const { put, remove, find } = await setUp();
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
    await put(first, 'a: 1');
    await remove(first);
    // However often the name is asked for, and whoever asks.
    for (const uid of [second, third, first]) {
      await expect(put(uid, 'a: 2')).rejects.toThrow('is still being deleted');
    }
    expect(await remove(second)).toBeUndefined();
    expect(await find()).toMatchObject({
      uid: first,
      tombstone: true,
      generation: 2,
    });
  });
});

function byNumber(a: number, b: number): number {
  return a - b;
}
