/**
 * Tenants against a real API server, with the operator's own rights and Capsule's real CRDs. Capsule's webhooks and controllers are absent; a stand-in binds
 * owners in their namespaces, and Kubernetes' own controllers end namespaces and collect what belongs to a Tenant.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { kinds } from '../kube/index.ts';
import type { Kind, KubeObject } from '../kube/index.ts';
import { systemClock } from '../link/clock.ts';
import { CapsuleStandIn } from '../testing/CapsuleStandIn.ts';
import { eventually, present } from '../testing/eventually.ts';
import { MemoryJournal } from '../testing/MemoryJournal.ts';
import { SettableComponents } from '../testing/SettableComponents.ts';
import { silentLogger } from '../testing/silentLogger.ts';
import { TestCluster } from '../testing/TestCluster.ts';
import { createTenants } from './index.ts';
import type { NovaTenant } from './types.ts';

const ACME = 'tenants/acme';
const UID = '11111111-1111-4111-8111-111111111111';

function novaTenant(name: string, uid: string): string {
  return stringify({
    apiVersion: 'kubenova.io/v1alpha1',
    kind: 'NovaTenant',
    metadata: { name },
    spec: { uid, displayName: name },
  });
}

describe('a tenant in a cluster', () => {
  const journal = new MemoryJournal();
  const components = new SettableComponents();
  const end = new AbortController();
  let cluster: TestCluster;
  let running: Promise<void>;

  before(async () => {
    cluster = await TestCluster.start({
      charts: ['capsule', 'vela-core'],
      controllers: ['namespace-controller', 'garbage-collector-controller'],
    });
    await cluster.prepare();
    await CapsuleStandIn.start(cluster, end.signal);
    components.set('waiting for Capsule in this cluster');
    const tenants = createTenants({
      kube: cluster.operator,
      desired: journal.desired,
      events: journal.events,
      snapshots: journal.snapshots,
      components,
      clock: systemClock,
      log: silentLogger,
    });
    running = tenants.start(end.signal);
  });

  after(async () => {
    end.abort();
    await running;
    await cluster?.stop();
  });

  const get = (kind: Kind, name: string) => cluster.admin.get(kind, { name });

  it('waits for the components, and says so', async () => {
    journal.want({
      key: ACME,
      generation: 1,
      uid: UID,
      yaml: novaTenant('acme', UID),
    });
    await eventually(() =>
      assert.equal(journal.outcome(ACME)?.outcome, 'Waiting'),
    );
    assert.equal(
      journal.outcome(ACME)?.message,
      'waiting for Capsule in this cluster',
    );
    assert.ok(await get(kinds.NOVA_TENANT, 'acme'));
    assert.equal(await get(kinds.NAMESPACE, 'acme-owner'), undefined);
  });

  it('gets its namespaces, accounts, Capsule Tenant and Project once they are ready', async () => {
    components.set();
    await eventually(() =>
      assert.equal(journal.outcome(ACME)?.outcome, 'Applied'),
    );
    const tenant = present(await get(kinds.CAPSULE_TENANT, 'acme'), 'Tenant');
    const apps = present(await get(kinds.NAMESPACE, 'acme-apps'), 'acme-apps');
    assert.equal(apps.metadata.labels?.['capsule.clastix.io/tenant'], 'acme');
    assert.equal(apps.metadata.ownerReferences?.[0].uid, tenant.metadata.uid);
    const owner = present(
      await get(kinds.NAMESPACE, 'acme-owner'),
      'acme-owner',
    );
    assert.equal(
      owner.metadata.labels?.['capsule.clastix.io/tenant'],
      undefined,
    );
    for (const name of ['acme-owner', 'acme-readonly']) {
      assert.ok(
        await cluster.admin.get(kinds.SERVICE_ACCOUNT, {
          namespace: 'acme-owner',
          name,
        }),
      );
    }
    assert.ok(await get(kinds.PROJECT, 'project-acme'));
    const status = journal.tenantStatus('acme');
    assert.equal(status?.phase, 'Ready');
    assert.deepEqual(status?.namespaces, ['acme-apps', 'acme-owner']);
  });

  it('lists every child with its uid in its status', async () => {
    const { status } = (await get(kinds.NOVA_TENANT, 'acme')) as NovaTenant;
    const children = status?.children ?? [];
    assert.deepEqual(
      children.map(({ kind, name }) => `${kind} ${name}`),
      [
        'Namespace acme-owner',
        'ServiceAccount acme-owner',
        'ServiceAccount acme-readonly',
        'RoleBinding kubenova-tenant-accounts',
        'TenantOwner acme-owner',
        'Tenant acme',
        'Namespace acme-apps',
        'Project project-acme',
      ],
    );
    assert.ok(children.every(({ uid }) => uid));
  });

  it('lets the operator act as its owner, in its own namespace only', async () => {
    const owner = cluster.operator.asUser(
      'system:serviceaccount:acme-owner:acme-owner',
    );
    const made = await owner.create(configMap('acme-apps'));
    assert.ok(made.metadata.uid);
    await assert.rejects(owner.create(configMap('default')), /forbidden/);
    await assert.rejects(
      cluster.operator
        .asUser('system:serviceaccount:kube-system:default')
        .create(configMap('acme-apps')),
      /cannot impersonate|forbidden/,
    );
  });

  it('gets back what is deleted or changed by hand', async () => {
    await cluster.kubectl([
      'delete',
      'serviceaccount',
      'acme-readonly',
      '--namespace=acme-owner',
    ]);
    await cluster.kubectl(['delete', 'project', 'project-acme']);
    await cluster.kubectl([
      'patch',
      'tenants.capsule.clastix.io',
      'acme',
      '--type=merge',
      '--patch={"spec":{"forceTenantPrefix":false}}',
    ]);
    await cluster.kubectl([
      'annotate',
      'namespace',
      'acme-apps',
      'kubenova.io/placement-uid=other',
      '--overwrite',
    ]);
    await eventually(async () => {
      const apps = await get(kinds.NAMESPACE, 'acme-apps');
      assert.equal(
        apps?.metadata.annotations?.['kubenova.io/placement-uid'],
        UID,
      );
      assert.ok(
        await cluster.admin.get(kinds.SERVICE_ACCOUNT, {
          namespace: 'acme-owner',
          name: 'acme-readonly',
        }),
      );
      assert.ok(await get(kinds.PROJECT, 'project-acme'));
      const tenant = await get(kinds.CAPSULE_TENANT, 'acme');
      assert.equal(tenant?.spec?.forceTenantPrefix, true);
    });
  });

  it('survives that its NovaTenant is deleted by hand: only the Manager ends it', async () => {
    const before_ = present(await get(kinds.NAMESPACE, 'acme-apps'), 'apps');
    const object = present(await get(kinds.NOVA_TENANT, 'acme'), 'NovaTenant');
    await cluster.kubectl(['delete', 'novatenant', 'acme', '--wait=false']);
    await eventually(async () => {
      const again = present(await get(kinds.NOVA_TENANT, 'acme'), 'NovaTenant');
      assert.notEqual(again.metadata.uid, object.metadata.uid);
      assert.equal((again as NovaTenant).status?.phase, 'Ready');
    });
    const after_ = await get(kinds.NAMESPACE, 'acme-apps');
    assert.equal(after_?.metadata.uid, before_.metadata.uid);
  });

  it('tells everything again for a snapshot', async () => {
    journal.put.length = 0;
    await journal.requestSnapshot();
    assert.deepEqual(journal.put.map(({ key }) => key).sort(), [
      'apply/tenants/acme',
      'status/tenants/acme',
    ]);
  });

  it('never takes over a namespace that is there already', async () => {
    await cluster.kubectl(['create', 'namespace', 'globex-apps']);
    const key = 'tenants/globex';
    const uid = '22222222-2222-4222-8222-222222222222';
    journal.want({ key, generation: 2, uid, yaml: novaTenant('globex', uid) });
    await eventually(() =>
      assert.equal(journal.outcome(key)?.outcome, 'Failed'),
    );
    assert.match(
      journal.outcome(key)?.message ?? '',
      /Namespace "globex-apps" exists already and is not this tenant's/,
    );
    assert.equal(await get(kinds.CAPSULE_TENANT, 'globex'), undefined);

    journal.want({ key, generation: 3, uid });
    await eventually(() =>
      assert.equal(journal.outcome(key)?.outcome, 'Deleted'),
    );
    const kept = await get(kinds.NAMESPACE, 'globex-apps');
    assert.equal(kept?.metadata.deletionTimestamp, undefined);
  });

  it('that an administrator made by hand is held, and ended by its tombstone like any other', async () => {
    const key = 'tenants/initech';
    const uid = '33333333-3333-4333-8333-333333333333';
    await cluster.kubectl(['create', '-f', '-'], novaTenant('initech', uid));
    await eventually(() =>
      assert.equal(journal.tenantStatus('initech')?.phase, 'Ready'),
    );
    // Without its finalizer the object goes at once; what was made out of it does not.
    await eventually(() =>
      cluster.kubectl([
        'patch',
        'novatenant',
        'initech',
        '--type=merge',
        '--patch={"metadata":{"finalizers":null}}',
      ]),
    );
    journal.want({ key, generation: 5, uid });
    await eventually(() =>
      assert.equal(journal.outcome(key)?.outcome, 'Deleted'),
    );
    for (const name of ['initech-owner', 'initech-apps']) {
      assert.equal(await get(kinds.NAMESPACE, name), undefined);
    }
    assert.equal(await get(kinds.NOVA_TENANT, 'initech'), undefined);
  });

  it('whose name was another one`s before begins with nothing of that one (D3)', async () => {
    const key = 'tenants/hooli';
    const former = '44444444-4444-4444-8444-444444444444';
    const uid = '55555555-5555-4555-8555-555555555555';
    const want = (generation: number, owner: string) =>
      journal.want({
        key,
        generation,
        uid: owner,
        yaml: novaTenant('hooli', owner),
      });
    // As an operator leaves it whose journal was rolled back: the tombstone between the two was confirmed long ago.
    want(6, former);
    await eventually(() =>
      assert.equal(journal.outcome(key)?.outcome, 'Applied'),
    );
    const inherited = present(await get(kinds.NAMESPACE, 'hooli-apps'), 'apps');

    want(9, uid);
    await eventually(() => {
      const outcome = journal.outcome(key);
      assert.equal(outcome?.generation, 9);
      assert.equal(outcome?.outcome, 'Applied');
    });
    const apps = present(await get(kinds.NAMESPACE, 'hooli-apps'), 'apps');
    assert.notEqual(apps.metadata.uid, inherited.metadata.uid);
    const tenant = present(
      await cluster.admin.get<NovaTenant>(kinds.NOVA_TENANT, { name: 'hooli' }),
      'NovaTenant',
    );
    assert.equal(tenant.spec.uid, uid);
  });

  it('goes in order: applications first, the Tenant only when they are gone, and then is confirmed', async () => {
    const owner = cluster.operator.asUser(
      'system:serviceaccount:acme-owner:acme-owner',
    );
    await owner.create(heldApplication());
    journal.want({ key: ACME, generation: 4, uid: UID });
    await eventually(() =>
      assert.match(
        journal.outcome(ACME)?.message ?? '',
        /waiting for the applications to be gone: web/,
      ),
    );
    assert.equal(journal.outcome(ACME)?.outcome, 'Deleting');
    const tenant = await get(kinds.CAPSULE_TENANT, 'acme');
    assert.equal(tenant?.metadata.deletionTimestamp, undefined);
    assert.ok(await get(kinds.PROJECT, 'project-acme'));
    assert.equal(journal.tenantStatus('acme')?.phase, 'Deleting');

    const held = present(
      await owner.get(kinds.APPLICATION, {
        namespace: 'acme-apps',
        name: 'web',
      }),
      'Application',
    );
    assert.ok(held.metadata.deletionTimestamp);
    held.metadata.finalizers = [];
    await owner.replace(held);

    await eventually(() =>
      assert.equal(journal.outcome(ACME)?.outcome, 'Deleted'),
    );
    for (const [kind, name] of [
      [kinds.PROJECT, 'project-acme'],
      [kinds.CAPSULE_TENANT, 'acme'],
      [kinds.CAPSULE_TENANT_OWNER, 'acme-owner'],
      [kinds.NAMESPACE, 'acme-apps'],
      [kinds.NAMESPACE, 'acme-owner'],
      [kinds.NOVA_TENANT, 'acme'],
    ] as const) {
      assert.equal(await get(kind, name), undefined, `${kind.kind} ${name}`);
    }
    assert.equal(journal.desired.get(ACME), undefined);
  });
});

function configMap(namespace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `made-${Date.now()}`, namespace },
  };
}

/** An Application that stays until its finalizer is taken away, as one whose resources KubeVela still removes. */
function heldApplication(): KubeObject {
  return {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: {
      name: 'web',
      namespace: 'acme-apps',
      finalizers: ['test.kubenova.io/held'],
      annotations: {
        'app.oam.dev/username': 'system:serviceaccount:acme-owner:acme-owner',
      },
    },
    spec: {
      components: [{ name: 'web', type: 'webservice', properties: {} }],
    },
  };
}
