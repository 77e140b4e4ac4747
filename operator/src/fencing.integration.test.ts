/** One writer a datacenter, on a real API server (S1), and no generation but the newest (D8). */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { ScriptedManager } from './link/testing/ScriptedManager.ts';
import type { ScriptedSession } from './link/testing/ScriptedSession.ts';
import { eventually } from './testing/eventually.ts';
import { OperatorFolder, OperatorProcess } from './testing/OperatorProcess.ts';
import { TestCluster } from './testing/TestCluster.ts';

const KEY = 'cluster/config';
const LEASE = 'lease/kubenova-operator';

/** A configuration that can be told from others by its storage class. */
function configWith(storageClass: string): string {
  return `
apiVersion: kubenova.io/v1alpha1
kind: NovaClusterConfig
metadata:
  name: cluster
spec:
  installCapsule: false
  installCapsuleProxy: false
  installKubeVela: false
  targetStorageClass: ${storageClass}
`;
}

describe('in a cluster with a real API server', { timeout: 300_000 }, () => {
  let cluster: TestCluster;
  let manager: ScriptedManager;
  let folders: OperatorFolder[];
  let processes: OperatorProcess[];

  /** A process with a volume of its own, or with one that another process had. */
  const start = async (folder?: OperatorFolder) => {
    const own = folder ?? (await OperatorFolder.create(cluster, manager));
    if (!folder) {
      folders.push(own);
    }
    const operator = new OperatorProcess({
      POD_NAME: `operator-${processes.length}`,
      ...own.env,
    });
    processes.push(operator);
    return operator;
  };
  const field = (object: string, path: string) =>
    cluster.kubectl([
      '--namespace=kubenova-system',
      'get',
      object,
      `-ojsonpath={${path}}`,
    ]);
  const holder = () => field(LEASE, '.spec.holderIdentity');
  const config = async () => ({
    generation: await field(
      'novaclusterconfig/cluster',
      '.metadata.annotations.kubenova\\.io/generation',
    ),
    storageClass: await field(
      'novaclusterconfig/cluster',
      '.spec.targetStorageClass',
    ),
  });
  const apply = (session: ScriptedSession, generation: number) =>
    session.apply({
      key: KEY,
      generation,
      yaml: configWith(`class-${generation}`),
    });
  const applied = (generation: number) =>
    manager.until(() =>
      manager.committed.some(
        ({ key, body }) =>
          key === `apply/${KEY}` &&
          body.case === 'applyResult' &&
          body.value.generation === BigInt(generation),
      ),
    );

  before(async () => {
    cluster = await TestCluster.start();
  });
  beforeEach(async () => {
    manager = await ScriptedManager.start();
    folders = [];
    processes = [];
  });
  afterEach(async () => {
    for (const operator of processes.filter(each => each.running)) {
      operator.kill('SIGKILL');
      await operator.exited();
    }
    await manager.stop();
    await Promise.all(folders.map(folder => folder.remove()));
    await cluster.kubectl([
      '--namespace=kubenova-system',
      'delete',
      LEASE,
      'secret/kubenova-operator-key',
      '--ignore-not-found',
    ]);
    await cluster.kubectl(['delete', 'novaclusterconfig', '--all']);
  });
  after(() => cluster.stop());

  it('a process that was stopped for longer than its Lease ends before it applies or dials anything', async () => {
    const first = await start();
    const session = await manager.session(1);
    apply(session, 1);
    await applied(1);
    const second = await start();
    await eventually(() =>
      assert.ok(second.log.some(line => line.port !== undefined)),
    );
    assert.equal(manager.attempts, 1, 'the second one waits');

    first.kill('SIGSTOP');
    // The Manager takes no second operator while the first one is silent for less than 15 s; this one does not ask.
    await manager.session(2);
    assert.match(await holder(), /^operator-1_/);
    const successor = manager.sessions[1];
    apply(successor, 2);
    await applied(2);
    // What wakes the first one's reconciler as soon as it runs again: somebody else changes what it had applied.
    await cluster.kubectl([
      'annotate',
      'novaclusterconfig/cluster',
      'example.com/touched=yes',
    ]);
    const attempts = manager.attempts;

    first.kill('SIGCONT');
    assert.equal(await first.exited(), 1);
    assert.match(
      String(first.log.at(-1)?.error),
      /The Lease was lost/,
      JSON.stringify(first.log.slice(-5)),
    );
    assert.deepEqual(await config(), {
      generation: '2',
      storageClass: 'class-2',
    });
    assert.equal(manager.attempts, attempts, 'it did not dial');
    assert.match(await holder(), /^operator-1_/);
    assert.equal(await second.probe('/readyz'), 200);
  });

  it('a process that was stopped leaves its volume to nobody until it runs again, and then at once', async () => {
    const first = await start();
    await manager.session(1);
    first.kill('SIGSTOP');
    // As the kubelet does: the container that ends is started again.
    const second = await start(folders[0]);
    assert.equal(await second.exited(), 1);
    assert.match(
      String(second.log.at(-1)?.error),
      /Another operator has the journal/,
    );

    first.kill('SIGCONT');
    assert.equal(await first.exited(), 1);
    await start(folders[0]);
    const session = await manager.session(2);
    assert.equal(
      session.hello.incarnation,
      manager.sessions[0].hello.incarnation,
    );
  });

  it('a session that is not the newest changes nothing, whatever generation it sends', async () => {
    manager.plan({ epoch: 5 });
    await start();
    const newest = await manager.session(1);
    apply(newest, 10);
    await applied(10);

    manager.plan({ epoch: 5 });
    manager.cut();
    await manager.until(() => manager.sessions.length === 2);
    const stale = manager.sessions[1];
    apply(stale, 11);
    await stale.until(() => stale.over);
    assert.deepEqual(stale.frames('accepted'), []);

    const next = await manager.session(3);
    assert.equal(next.hello.highestEpoch, 5n);
    const { entries } = await next.frame('digest');
    assert.deepEqual(
      entries.map(({ generation }) => generation),
      [10n],
    );
    assert.deepEqual(await config(), {
      generation: '10',
      storageClass: 'class-10',
    });
  });

  it('a generation that comes late is accepted and changes nothing', async () => {
    await start();
    const session = await manager.session(1);
    apply(session, 10);
    await applied(10);
    const version = await field(
      'novaclusterconfig/cluster',
      '.metadata.generation',
    );
    apply(session, 9);
    session.apply({ key: KEY, generation: 8 });
    await session.until(() => session.frames('accepted').length === 3);
    // The newest generation is applied after them: what came late would have been by then.
    apply(session, 12);
    await applied(12);
    assert.deepEqual(await config(), {
      generation: '12',
      storageClass: 'class-12',
    });
    const told = manager.committed.flatMap(({ body }) =>
      body.case === 'applyResult' ? [body.value.generation] : [],
    );
    assert.deepEqual([...new Set(told)], [10n, 12n]);
    assert.equal(
      await field('novaclusterconfig/cluster', '.metadata.generation'),
      `${Number(version) + 1}`,
      'the object changed once',
    );
  });
});
