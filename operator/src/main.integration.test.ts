import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, describe, it } from 'node:test';
import { eventually } from './link/testing/eventually.ts';
import { ScriptedManager } from './link/testing/ScriptedManager.ts';
import { OperatorFolder, OperatorProcess } from './testing/OperatorProcess.ts';
import { TestCluster } from './testing/TestCluster.ts';

const CONFIG = `
apiVersion: kubenova.io/v1alpha1
kind: NovaClusterConfig
metadata:
  name: cluster
spec:
  installCapsule: false
  installCapsuleProxy: false
  installKubeVela: false
`;

describe('the operator as a process', { timeout: 240_000 }, () => {
  let cluster: TestCluster;
  let manager: ScriptedManager;
  let folder: OperatorFolder;
  let processes: OperatorProcess[];

  const start = (env: Record<string, string> = {}) => {
    const operator = new OperatorProcess({
      POD_NAME: `operator-${processes.length}`,
      ...folder.env,
      ...env,
    });
    processes.push(operator);
    return operator;
  };
  const holder = async () =>
    cluster.kubectl([
      '--namespace=kubenova-system',
      'get',
      'lease/kubenova-operator',
      '-ojsonpath={.spec.holderIdentity}',
    ]);

  before(async () => {
    cluster = await TestCluster.start();
  });
  beforeEach(async () => {
    manager = await ScriptedManager.start();
    folder = await OperatorFolder.create(cluster, manager);
    processes = [];
  });
  afterEach(async () => {
    for (const operator of processes.filter(each => each.running)) {
      operator.kill('SIGKILL');
      await operator.exited();
    }
    await manager.stop();
    await folder.remove();
    await cluster.kubectl([
      '--namespace=kubenova-system',
      'delete',
      'lease/kubenova-operator',
      'secret/kubenova-operator-key',
      '--ignore-not-found',
    ]);
  });
  after(() => cluster.stop());

  it('stores its key, enrols, opens a session, applies what it is sent, and tells the outcome', async () => {
    const operator = start();
    const session = await manager.session(1);
    assert.match(session.hello.kubernetesVersion, /^v1\.\d+/);
    session.apply({ key: 'cluster/config', generation: 1, yaml: CONFIG });
    await manager.until(() =>
      manager.committed.some(({ key }) => key === 'apply/cluster/config'),
    );
    const config = await cluster.kubectl([
      'get',
      'novaclusterconfig/cluster',
      '-ojson',
    ]);
    assert.equal(JSON.parse(config).spec.installCapsule, false);
    assert.equal(await operator.probe('/healthz'), 200);
    assert.equal(await operator.probe('/readyz'), 200);
  });

  it('answers a snapshot that is asked for at its start only when it knows what there is', async () => {
    start();
    const session = await manager.session(1);
    session.send({ case: 'snapshotRequest', value: { id: 'snapshot-1' } });
    const marks = () =>
      manager.committed.flatMap(({ key }, index) =>
        key === 'snapshot/snapshot-1' ? [index] : [],
      );
    await manager.until(() => marks().length === 2);
    const [begin, end] = marks();
    const between = manager.committed.slice(begin + 1, end);
    assert.ok(between.some(({ key }) => key === 'status/cluster'));
  });

  it('says Bye, lets go of the Lease and exits within 10 s of SIGTERM', async () => {
    const operator = start();
    const session = await manager.session(1);
    const since = performance.now();
    operator.kill('SIGTERM');
    assert.equal(await operator.exited(), 0);
    assert.ok(performance.now() - since < 10_000);
    assert.equal(session.frames('bye').length, 1);
    assert.equal(await holder(), '');
  });

  it('that was killed goes on as the same incarnation with the same key, and applies what it had stored', async () => {
    const first = start();
    const session = await manager.session(1);
    session.apply({ key: 'cluster/config', generation: 1, yaml: CONFIG });
    await session.frame('accepted');
    first.kill('SIGKILL');
    await first.exited();

    start();
    const second = await manager.session(2);
    assert.equal(second.hello.incarnation, session.hello.incarnation);
    assert.notEqual(
      second.hello.processInstance,
      session.hello.processInstance,
    );
    assert.equal((await second.frame('digest')).entries.length, 1);
    await manager.until(() =>
      manager.committed.some(({ key }) => key === 'apply/cluster/config'),
    );
    assert.equal(manager.enrolments.length, 1);
  });

  it('waits, unready, while another one holds the Lease', async () => {
    start();
    await manager.session(1);
    const other = await OperatorFolder.create(cluster, manager);
    const waiting = start({ ...other.env, POD_NAME: 'operator-1' });
    await eventually(() => waiting.log.some(line => line.port !== undefined));
    assert.equal(await waiting.probe('/readyz'), 503);
    assert.equal(manager.attempts, 1);

    waiting.kill('SIGTERM');
    assert.equal(await waiting.exited(), 0);
    await other.remove();
  });

  it('ends when the Lease was taken from it', async () => {
    const operator = start();
    await manager.session(1);
    await cluster.kubectl([
      '--namespace=kubenova-system',
      'patch',
      'lease/kubenova-operator',
      '--type=merge',
      '--patch={"spec":{"holderIdentity":"somebody-else"}}',
    ]);
    assert.equal(await operator.exited(), 1);
    assert.match(String(operator.log.at(-1)?.error), /The Lease was lost/);
    assert.equal(await holder(), 'somebody-else');
  });

  it('stops with a sentence where something is missing', async () => {
    const operator = start({ NOVA_CLUSTER_ID: '' });
    assert.equal(await operator.exited(), 1);
    assert.match(
      String(operator.log.at(-1)?.error),
      /Set the environment variable NOVA_CLUSTER_ID/,
    );
  });
});
