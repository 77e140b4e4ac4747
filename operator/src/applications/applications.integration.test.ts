/**
 * Applications against a real API server, written as a tenant's owner with the operator's own rights, under the admission policies. KubeVela does not run: its CRDs
 * are real, and the tests write what its controller would.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { createGuard, kinds } from '../kube/index.ts';
import type { KubeClient } from '../kube/index.ts';
import { eventually, present } from '../testing/eventually.ts';
import { MemoryJournal } from '../testing/MemoryJournal.ts';
import { SettableComponents } from '../testing/SettableComponents.ts';
import { SettableTenants } from '../testing/SettableTenants.ts';
import { ShiftableClock } from '../testing/ShiftableClock.ts';
import { silentLogger } from '../testing/silentLogger.ts';
import { TestCluster } from '../testing/TestCluster.ts';
import { PROGRESS_DEADLINE_MS } from './health/assessHealth.ts';
import { createApplications } from './index.ts';
import type { Application } from './types.ts';

const KEY = 'applications/acme/web';
const UID = '22222222-2222-4222-8222-222222222222';
const OWNER = 'system:serviceaccount:acme-owner:acme-owner';
const WEB = { namespace: 'acme-apps', name: 'web' };

/** What the tenants' room makes, as far as applications need it. */
const TENANT = `
apiVersion: v1
kind: Namespace
metadata: { name: acme-owner, labels: { kubenova.io/tenant: acme } }
---
apiVersion: v1
kind: Namespace
metadata: { name: acme-apps, labels: { kubenova.io/tenant: acme } }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: default, namespace: acme-apps }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: accounts, namespace: acme-owner }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kubenova-tenant-accounts }
subjects: [{ kind: ServiceAccount, name: kubenova-operator, namespace: kubenova-system }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: owner, namespace: acme-apps }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kubenova-tenant-owner }
subjects: [{ kind: ServiceAccount, name: acme-owner, namespace: acme-owner }]
`;

const TRACKER = `
apiVersion: core.oam.dev/v1beta1
kind: ResourceTracker
metadata:
  name: web-v1
  labels: { app.oam.dev/name: web, app.oam.dev/namespace: acme-apps }
spec: { type: versioned, applicationGeneration: 1 }
`;

function application(image: string, type = 'webservice'): string {
  return stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: {
      ...WEB,
      labels: {
        'kubenova.io/tenant': 'acme',
        'kubenova.io/application-uid': UID,
      },
    },
    spec: { components: [{ name: 'web', type, properties: { image } }] },
  });
}

describe('an application in a cluster', () => {
  const journal = new MemoryJournal();
  const components = new SettableComponents();
  const tenants = new SettableTenants();
  const clock = new ShiftableClock();
  const end = new AbortController();
  let cluster: TestCluster;
  let owner: KubeClient;
  let running: Promise<void> | undefined;

  before(async () => {
    cluster = await TestCluster.start({ charts: ['vela-core'] });
    await cluster.prepare();
    await cluster.kubectl(['apply', '-f', '-'], TENANT);
    // Made before Capsule would say whose it is: the policy on bindings would refuse the test's own.
    await cluster.kubectl([
      'label',
      'namespace',
      'acme-apps',
      'capsule.clastix.io/tenant=acme',
    ]);
    owner = cluster.admin.asUser(OWNER);
    running = createApplications({
      kube: cluster.operator,
      desired: journal.desired,
      events: journal.events,
      snapshots: journal.snapshots,
      components,
      tenants,
      clock,
      log: silentLogger,
    }).start(end.signal);
  });

  after(async () => {
    end.abort();
    await running;
    await cluster?.stop();
  });

  const get = () => cluster.admin.get<Application>(kinds.APPLICATION, WEB);
  const status = () => journal.applicationStatus('acme', 'web');

  function want(generation: number, yaml: string) {
    const state = { key: KEY, generation, uid: UID, yaml };
    assert.deepEqual(createGuard().check(state), { allowed: true });
    journal.want(state);
  }

  /** What KubeVela's controller would say about the present spec. */
  async function say(said: Partial<NonNullable<Application['status']>>) {
    await eventually(async () => {
      const object = present(await get(), 'Application');
      await cluster.admin.replace(
        {
          ...object,
          status: {
            ...object.status,
            observedGeneration: object.metadata.generation,
            ...said,
          },
        },
        'status',
      );
    });
  }

  it('waits for its tenant, and says so', async () => {
    want(1, application('web:1'));
    await eventually(() =>
      assert.equal(journal.outcome(KEY)?.outcome, 'Waiting'),
    );
    assert.match(journal.outcome(KEY)?.message ?? '', /tenant "acme"/);
    assert.equal(await get(), undefined);
  });

  it('is written as the owner of its tenant, with its generation', async () => {
    tenants.set('acme');
    await eventually(() =>
      assert.equal(journal.outcome(KEY)?.outcome, 'Applied'),
    );
    const object = present(await get(), 'Application');
    assert.equal(object.metadata.annotations?.['kubenova.io/generation'], '1');
    assert.equal(object.metadata.annotations?.['app.oam.dev/username'], OWNER);
    await eventually(() => assert.equal(status()?.health, 'Progressing'));
    assert.equal(status()?.uid, UID);
    assert.equal(status()?.generation, 1);
  });

  it('is Healthy as soon as KubeVela says so', async () => {
    await say({
      status: 'running',
      services: [{ name: 'web', healthy: true, message: 'Ready:1/1' }],
    });
    await eventually(() => assert.equal(status()?.health, 'Healthy'));
  });

  it('is Degraded while its pods crash, although KubeVela says running', async () => {
    const pod = await cluster.admin.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'web-1',
        namespace: 'acme-apps',
        labels: { 'app.oam.dev/name': 'web' },
      },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    });
    await cluster.admin.replace(
      {
        ...pod,
        status: {
          containerStatuses: [
            {
              name: 'web',
              image: 'web:1',
              imageID: '',
              ready: false,
              restartCount: 3,
              state: { waiting: { reason: 'CrashLoopBackOff' } },
            },
          ],
        },
      },
      'status',
    );
    await eventually(() => assert.equal(status()?.health, 'Degraded'));
    assert.match(status()?.message ?? '', /CrashLoopBackOff after 3 restarts/);
    await cluster.kubectl([
      'delete',
      'pod',
      'web-1',
      '--namespace=acme-apps',
      '--grace-period=0',
      '--force',
    ]);
    await eventually(() => assert.equal(status()?.health, 'Healthy'));
  });

  it('keeps what somebody edits in the cluster, and says so, until its next revision', async () => {
    const object = present(await owner.get(kinds.APPLICATION, WEB), 'web');
    object.spec = {
      components: [
        { name: 'web', type: 'webservice', properties: { image: 'edited:1' } },
      ],
    };
    await cluster.kubectl(
      ['replace', `--as=${OWNER}`, '--field-manager=jo', '-f', '-'],
      JSON.stringify(object),
    );
    await eventually(() => {
      const edited = status()?.conditions.find(
        ({ type }) => type === 'EditedInCluster',
      );
      assert.match(edited?.message ?? '', /by "jo"/);
    });
    assert.match(JSON.stringify((await get())?.spec), /edited:1/);

    want(2, application('web:2'));
    await eventually(async () => {
      const { spec, metadata } = present(await get(), 'Application');
      assert.match(JSON.stringify(spec), /web:2/);
      assert.equal(metadata.annotations?.['kubenova.io/generation'], '2');
    });
    await eventually(() => {
      assert.equal(status()?.generation, 2);
      assert.equal(
        status()?.conditions.some(({ type }) => type === 'EditedInCluster'),
        false,
      );
    });
  });

  it('is Progressing in its new revision until KubeVela has seen that, and Degraded when nothing comes of it', async () => {
    assert.equal(status()?.health, 'Progressing');
    await say({
      status: 'runningWorkflow',
      services: [{ name: 'web', healthy: false, message: 'Ready:0/1' }],
    });
    await eventually(() => assert.match(status()?.message ?? '', /Ready:0\/1/));
    clock.advance(PROGRESS_DEADLINE_MS);
    assert.equal(status()?.health, 'Degraded');
    assert.match(status()?.message ?? '', /No progress for 5 minutes/);
  });

  it("fails with the API server's own words, and is Applied once they are heeded", async () => {
    want(3, application('web:3', 'ref-objects'));
    await eventually(() =>
      assert.equal(journal.outcome(KEY)?.outcome, 'Failed'),
    );
    assert.match(
      journal.outcome(KEY)?.message ?? '',
      /components of these types only/,
    );
    want(4, application('web:4'));
    await eventually(() =>
      assert.deepEqual(
        [journal.outcome(KEY)?.outcome, journal.outcome(KEY)?.generation],
        ['Applied', 4],
      ),
    );
  });

  it('that a tenant made itself is told too, without a uid', async () => {
    await owner.create({
      apiVersion: 'core.oam.dev/v1beta1',
      kind: 'Application',
      metadata: {
        name: 'own',
        namespace: 'acme-apps',
        annotations: { 'app.oam.dev/username': OWNER },
      },
      spec: { components: [] },
    });
    await eventually(() =>
      assert.equal(journal.applicationStatus('acme', 'own')?.uid, ''),
    );
  });

  it('is deleted with its tombstone, and confirmed only when KubeVela has removed its resources', async () => {
    await cluster.kubectl(['create', '-f', '-'], TRACKER);
    journal.want({ key: KEY, generation: 5, uid: UID });
    await eventually(async () => assert.equal(await get(), undefined));
    await eventually(() => assert.equal(status()?.gone, true));
    await eventually(() => {
      assert.match(
        journal.outcome(KEY)?.message ?? '',
        /still removes its resources/,
      );
    });
    assert.equal(journal.outcome(KEY)?.outcome, 'Deleting');

    await cluster.kubectl(['delete', 'resourcetracker', 'web-v1']);
    await eventually(() => {
      assert.equal(journal.outcome(KEY)?.outcome, 'Deleted');
    });
    assert.equal(journal.desired.get(KEY), undefined);
  });

  it('whose name was another one`s before is made anew, and inherits nothing (D3)', async () => {
    const other = '99999999-9999-4999-8999-999999999999';
    // As an operator leaves it whose journal was rolled back: the tombstone between the two was confirmed long ago.
    want(100, application('web:former'));
    await eventually(() =>
      assert.equal(journal.outcome(KEY)?.outcome, 'Applied'),
    );
    const former = present(await get(), 'Application');

    const yaml = application('web:own').replaceAll(UID, other);
    journal.want({ key: KEY, generation: 102, uid: other, yaml });
    await eventually(() => {
      const outcome = journal.outcome(KEY);
      assert.equal(outcome?.generation, 102);
      assert.equal(outcome?.outcome, 'Applied');
    });
    const own = present(await get(), 'Application');
    assert.notEqual(own.metadata.uid, former.metadata.uid);
    assert.equal(own.metadata.labels?.['kubenova.io/application-uid'], other);
  });
});
