/** The client, its watches and its preconditions against a real API server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../link/clock.ts';
import { eventually, present } from '../testing/eventually.ts';
import { silentLogger } from '../testing/silentLogger.ts';
import { TestCluster } from '../testing/TestCluster.ts';
import { Informer } from './Informer.ts';
import { KubeApiError } from './KubeApiError.ts';
import { FencedError, type KubeClient } from './KubeClient.ts';
import { CONFIG_MAP, NOVA_TENANT } from './kinds.ts';
import type { KubeObject } from './objects.ts';

const namespace = 'default';

function configMap(name: string, data: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { test: 'yes' } },
    data,
  };
}

describe('the client', () => {
  let cluster: TestCluster;
  let kube: KubeClient;

  before(async () => {
    cluster = await TestCluster.start();
    kube = cluster.admin;
  });

  after(() => cluster?.stop());

  it('answers nothing for what does not exist, nor its kind', async () => {
    assert.equal(
      await kube.get(CONFIG_MAP, { namespace, name: 'no' }),
      undefined,
    );
    assert.equal(await kube.get(NOVA_TENANT, { name: 'acme' }), undefined);
    assert.deepEqual(await kube.listIfServed(NOVA_TENANT), []);
    await assert.rejects(kube.list(NOVA_TENANT), error =>
      KubeApiError.is(error, 404),
    );
  });

  it('writes nothing, as no user and in no way, once it may not; it goes on reading', async () => {
    const object = await kube.create(configMap('fenced', { a: '1' }));
    let holder = true;
    const fenced = kube.fenced(() => holder);
    await fenced.apply(configMap('fenced', { a: '2' }), { force: true });
    holder = false;
    const changed = configMap('fenced', { a: '3' });
    const uid = present(object.metadata.uid, 'uid');
    for (const client of [fenced, fenced.asUser('somebody')]) {
      for (const write of [
        () => client.apply(changed, { force: true }),
        () => client.create(configMap('another', {})),
        () => client.replace(changed),
        () => client.delete(CONFIG_MAP, object.metadata, { uid }),
      ]) {
        await assert.rejects(write, FencedError);
      }
    }
    const found = await fenced.get(CONFIG_MAP, object.metadata);
    assert.deepEqual(found?.data, { a: '2' });
  });

  it('applies without force only what nobody else owns, and names the conflicts', async () => {
    await kube.create(configMap('owned', { a: '1', b: '1' }));
    await assert.rejects(
      kube.apply(configMap('owned', { a: '2', c: '2' }), { force: false }),
      error =>
        KubeApiError.is(error, 409) &&
        error.conflicts.some(({ field }) => field === '.data.a'),
    );
    const forced = await kube.apply(configMap('owned', { a: '2' }), {
      force: true,
    });
    assert.deepEqual(forced.data, { a: '2', b: '1' });
  });

  it('deletes exactly the object that was meant', async () => {
    const made = await kube.create(configMap('meant', {}));
    const ref = { namespace, name: 'meant' };
    await kube.delete(CONFIG_MAP, ref, {
      uid: '00000000-0000-4000-8000-000000000000',
    });
    assert.ok(await kube.get(CONFIG_MAP, ref));
    await kube.delete(CONFIG_MAP, ref, { uid: made.metadata.uid ?? '' });
    assert.equal(await kube.get(CONFIG_MAP, ref), undefined);
    await kube.delete(CONFIG_MAP, ref, { uid: made.metadata.uid ?? '' });
  });

  it('lists page by page, all of them', async () => {
    const names = Array.from({ length: 520 }, (_, i) => `many-${i}`);
    await Promise.all(
      names.map(name =>
        kube.create({
          ...configMap(name, {}),
          metadata: { name, namespace, labels: { many: 'yes' } },
        }),
      ),
    );
    const { items } = await kube.list(CONFIG_MAP, {
      namespace,
      labelSelector: 'many=yes',
    });
    assert.equal(items.length, names.length);
    assert.equal(items[0].kind, 'ConfigMap');
  });

  describe('with an informer', () => {
    const end = new AbortController();

    after(() => end.abort());

    function follow(kind: typeof CONFIG_MAP, labelSelector?: string) {
      const seen: string[] = [];
      const informer = new Informer({
        kube,
        kind,
        selection: { labelSelector },
        clock: systemClock,
        log: silentLogger,
      });
      informer.onChange(({ metadata }, change) =>
        seen.push(`${metadata.name} ${change}`),
      );
      void informer.run(end.signal);
      return { informer, seen };
    }

    it('hears of what is there, of each change and of what goes', async () => {
      const { informer, seen } = follow(CONFIG_MAP, 'test=yes');
      await eventually(() => assert.ok(seen.includes('owned present')));
      assert.equal(informer.synced, true);
      const made = await kube.create(configMap('new', {}));
      await eventually(() => assert.ok(informer.get('default/new')));
      await kube.apply(configMap('new', { x: '1' }), { force: true });
      await eventually(() =>
        assert.deepEqual(informer.get('default/new')?.data, { x: '1' }),
      );
      await kube.delete(CONFIG_MAP, made.metadata, {
        uid: present(made.metadata.uid, 'uid'),
      });
      await eventually(() => assert.ok(seen.includes('new gone')));
      assert.equal(informer.get('default/new'), undefined);
    });

    it('waits for a kind that is not served yet', async () => {
      const { informer, seen } = follow(NOVA_TENANT);
      await eventually(() => assert.equal(informer.synced, true));
      await cluster.prepare();
      await kube.create({
        apiVersion: 'kubenova.io/v1alpha1',
        kind: 'NovaTenant',
        metadata: { name: 'acme' },
        spec: { uid: 'u1' },
      });
      await eventually(() => assert.deepEqual(seen, ['acme present']));
    });
  });
});
