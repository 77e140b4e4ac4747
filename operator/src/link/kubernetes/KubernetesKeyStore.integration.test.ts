import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { FencedError } from '../../kube/KubeClient.ts';
import { TestCluster } from '../../testing/TestCluster.ts';
import { OperatorKey } from '../OperatorKey.ts';
import { OperatorKeys } from '../OperatorKeys.ts';
import { KubernetesKeyStore } from './KubernetesKeyStore.ts';

const NAMESPACE = 'kubenova-system';
const SECRET = 'secret/kubenova-operator-key';

describe('the Secret of the operator`s keys', { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  /** With the rights of the join manifest, and no others. */
  const store = () =>
    new KubernetesKeyStore({ kube: cluster.operator, namespace: NAMESPACE });
  const kubectl = (...args: string[]) =>
    cluster.kubectl([`--namespace=${NAMESPACE}`, ...args]);
  const fields = async () =>
    Object.keys(JSON.parse(await kubectl('get', SECRET, '-ojson')).data).sort();

  before(async () => {
    cluster = await TestCluster.start();
  });
  afterEach(() => kubectl('delete', SECRET, '--ignore-not-found'));
  after(() => cluster.stop());

  it('is made with the first key, and a second one does not take its place', async () => {
    assert.equal(await store().load(), undefined);
    const first = await OperatorKeys.open(store());
    const second = await store().create(OperatorKey.generate());
    assert.equal(second.present.fingerprint(), first.present.fingerprint());
    assert.deepEqual(await fields(), ['private-key.pem']);
  });

  it('holds the next key beside the present one, and only it once it has opened a session', async () => {
    const keys = await OperatorKeys.open(store());
    const next = await keys.prepareNext();
    assert.deepEqual(await fields(), [
      'next-private-key.pem',
      'private-key.pem',
    ]);
    const loaded = await store().load();
    assert.equal(loaded?.present.fingerprint(), keys.present.fingerprint());
    assert.equal(loaded?.next?.fingerprint(), next.fingerprint());

    await keys.opened(next);
    assert.deepEqual(await fields(), ['private-key.pem']);
    const promoted = await store().load();
    assert.equal(promoted?.present.fingerprint(), next.fingerprint());
  });

  it('keeps what others have written into it but the keys', async () => {
    const keys = await OperatorKeys.open(store());
    await kubectl('label', SECRET, 'example.com/team=platform');
    await keys.opened(await keys.prepareNext());
    assert.equal(
      await kubectl(
        'get',
        SECRET,
        '-ojsonpath={.metadata.labels.example\\.com/team}',
      ),
      'platform',
    );
  });

  it('that was deleted is not made anew in the middle of a replacement', async () => {
    const keys = await OperatorKeys.open(store());
    await kubectl('delete', SECRET);
    await assert.rejects(keys.prepareNext(), /was deleted/);
    assert.equal(keys.candidates().length, 1);
  });

  it('is not written by an operator that lost the Lease', async () => {
    const fenced = new KubernetesKeyStore({
      kube: cluster.operator.fenced(() => false),
      namespace: NAMESPACE,
    });
    await assert.rejects(OperatorKeys.open(fenced), FencedError);
    assert.equal(await store().load(), undefined);
  });
});
