import { toBinary } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@kubenova/proto';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { eventually } from './testing/eventually.ts';
import { tenantEvent } from './testing/TestOperator.ts';
import { withLink } from './testing/withLink.ts';

const names = (events: readonly Event[]) =>
  events.map(event =>
    event.body.case === 'tenantStatus'
      ? event.body.value.tenant
      : event.body.case,
  );

describe('events', { timeout: 20_000 }, () => {
  it('that are put while disconnected are delivered after the reconnect, once, in order', async t => {
    const { manager, operator } = await withLink(t);
    const first = await manager.session(1);
    operator.journal.events.put(tenantEvent('t0'));
    await manager.until(() => manager.committed.length === 1);

    manager.cut();
    await first.until(() => first.over);
    for (let i = 1; i <= 40; i++) {
      operator.journal.events.put(tenantEvent(`t${i}`));
    }
    await manager.until(() => manager.committed.length === 41);
    assert.deepEqual(
      names(manager.committed),
      Array.from({ length: 41 }, (_, i) => `t${i}`),
    );
  });

  it('of a batch that was not acknowledged are sent again with the same sequences', async t => {
    const { manager, operator } = await withLink(t, {}, m =>
      m.plan({ holdAcks: true }),
    );
    operator.journal.events.put(tenantEvent('acme', 'Pending'));
    operator.journal.events.put(tenantEvent('beta'));
    const first = await manager.session(1);
    await first.until(() => first.events().length === 2);
    operator.journal.events.put(tenantEvent('acme', 'Ready'));
    await first.until(() => first.events().length === 3);

    manager.cut();
    const second = await manager.session(2);
    await second.until(() => second.events().length === 3);
    assert.deepEqual(second.events(), first.events());
  });

  it('never go above the credit', async t => {
    const { manager, operator } = await withLink(t, {}, m =>
      m.plan({ upToSeq: 2, holdAcks: true }),
    );
    for (let i = 1; i <= 5; i++) {
      operator.journal.events.put(tenantEvent(`t${i}`));
    }
    const session = await manager.session(1);
    await session.until(() => session.events().length === 2);
    session.acknowledge(2, 4);
    await session.until(() => session.events().length === 4);
    // What waits beyond the credit can still be superseded, so it has no sequence yet.
    assert.equal(operator.journal.events.assignedSeq, 4);
  });

  it('never are more bytes than the credit, those that go again included', async t => {
    const { manager, operator } = await withLink(t, {}, m =>
      m.plan({ upToBytes: 250, holdAcks: true }),
    );
    for (let i = 1; i <= 9; i++) {
      operator.journal.events.put(tenantEvent(`t${i}`));
    }
    const bytesOf = (events: readonly Event[]) =>
      events.reduce(
        (sum, event) => sum + toBinary(EventSchema, event).byteLength,
        0,
      );
    const first = await manager.session(1);
    await first.until(() => first.events().length > 0);
    const each = bytesOf(first.events().slice(0, 1));
    const most = Math.floor(250 / each);
    first.acknowledge(0, 1_000_000, 250); // says nothing new
    await first.until(() => first.events().length === most);
    assert.equal(operator.journal.events.assignedSeq, most);
    first.acknowledge(0, 1_000_000, 250 + each);
    await first.until(() => first.events().length > most);
    assert.ok(bytesOf(first.events()) <= 250 + each);

    // Another session begins to count anew, with what is not acknowledged.
    const before = first.events();
    manager.plan({ upToBytes: each, holdAcks: true });
    manager.cut();
    const second = await manager.session(2);
    await second.until(() => second.events().length === 1);
    assert.deepEqual(second.events(), before.slice(0, 1));
  });

  it('that are lifecycle records go to a Manager that takes them, and wait for one that does', async t => {
    const { manager, operator } = await withLink(t);
    operator.journal.events.put(tenantEvent('acme', 'Pending'));
    operator.journal.events.put(tenantEvent('acme', 'Ready'));
    await manager.until(() => manager.committed.length === 1);

    manager.capabilities = ['lifecycle-records'];
    manager.cut();
    await manager.until(() => manager.committed.length === 3);
    assert.deepEqual(
      manager.committed.slice(1).map(({ body, seq }) => {
        assert.ok(body.case === 'lifecycleRecord');
        return `${seq}:${body.value.key}:${body.value.step}`;
      }),
      ['2:tenants/acme:Pending', '3:tenants/acme:Ready'],
    );
  });

  it('come in batches of at most 16 events', async t => {
    const { manager, operator } = await withLink(t);
    for (let i = 1; i <= 50; i++) {
      operator.journal.events.put(tenantEvent(`t${i}`));
    }
    const session = await manager.session(1);
    await manager.until(() => manager.committed.length === 50);
    const sizes = session.frames('eventBatch').map(b => b.events.length);
    assert.ok(Math.max(...sizes) <= 16, `${sizes}`);
  });

  it('that the Manager lost are sent again, as far as they are records, and a snapshot follows', async t => {
    const { manager, operator } = await withLink(t);
    operator.snapshots.onRequest(async () =>
      operator.journal.events.put(tenantEvent('present')),
    );
    await manager.session(1);
    operator.journal.events.put(tenantEvent('state'));
    operator.journal.events.put({ ...tenantEvent('record'), kind: 'record' });
    await eventually(() => operator.journal.events.ackedSeq === 2);

    manager.committed.length = 0;
    manager.plan({ ackedSeq: 0 });
    manager.cut();
    await manager.until(() => manager.committed.length === 4);
    assert.deepEqual(names(manager.committed), [
      'record',
      'snapshotMark',
      'present',
      'snapshotMark',
    ]);
  });

  it('of a journal that was rolled back go up in a new incarnation', async t => {
    const { manager, operator } = await withLink(t);
    const first = await manager.session(1);
    manager.plan({ ackedSeq: 500 });
    manager.cut();
    await manager.until(() => manager.attempts === 2);
    operator.journal.events.put(tenantEvent('acme'));
    await manager.until(() => manager.committed.length === 1);

    const last = manager.sessions.at(-1)!;
    assert.notEqual(last.hello.incarnation, first.hello.incarnation);
    assert.equal(manager.committed[0].seq, 1n);
  });

  it('of a snapshot lie between its marks, with every state that was waiting', async t => {
    const { manager, operator } = await withLink(t, {}, m =>
      m.plan({ upToSeq: 0, holdAcks: true }),
    );
    operator.snapshots.onRequest(async () => {
      operator.journal.events.put(tenantEvent('acme', 'Ready'));
      operator.journal.events.put(tenantEvent('beta', 'Ready'));
    });
    const session = await manager.session(1);
    operator.journal.events.put(tenantEvent('acme', 'Pending'));
    session.send({ case: 'snapshotRequest', value: { id: 'snapshot-1' } });
    session.acknowledge(0);
    await session.until(() => session.events().length === 4);
    assert.deepEqual(names(session.events()), [
      'snapshotMark',
      'acme',
      'beta',
      'snapshotMark',
    ]);
  });

  it('of a few keys that are asked for are put again without marks', async t => {
    const { manager, operator } = await withLink(t);
    const { events, desiredStates } = operator.journal;
    for (const tenant of ['acme', 'beta']) {
      const key = `tenants/${tenant}`;
      desiredStates.store({ key, generation: 1, uid: `uid-${tenant}` });
      desiredStates.confirmDeleted(key, 1);
    }
    operator.snapshots.onRequest(async ({ wants }) =>
      ['acme', 'beta', 'gamma']
        .filter(tenant => wants(`status/tenants/${tenant}`))
        .forEach(tenant => events.put(tenantEvent(tenant))),
    );
    const session = await manager.session(1);
    session.send({
      case: 'snapshotRequest',
      value: {
        id: 'snapshot-1',
        keys: ['status/tenants/gamma', 'apply/tenants/acme'],
      },
    });
    await manager.until(() => manager.committed.length === 2);
    session.send({ case: 'snapshotRequest', value: { id: 'snapshot-2' } });
    await manager.until(() => manager.committed.length === 9);
    assert.deepEqual(
      manager.committed.map(({ key }) => key),
      [
        'apply/tenants/acme',
        'status/tenants/gamma',
        'snapshot/snapshot-2',
        'apply/tenants/acme',
        'apply/tenants/beta',
        'status/tenants/acme',
        'status/tenants/beta',
        'status/tenants/gamma',
        'snapshot/snapshot-2',
      ],
    );
  });

  it('of a snapshot that failed have no second mark', async t => {
    const { manager, operator } = await withLink(t);
    let healthy = false;
    operator.snapshots.onRequest(async () => {
      if (!healthy) {
        throw new Error('the API server is away');
      }
    });
    const session = await manager.session(1);
    session.send({ case: 'snapshotRequest', value: { id: 'snapshot-1' } });
    await manager.until(() => manager.committed.length === 1);
    healthy = true;
    session.send({ case: 'snapshotRequest', value: { id: 'snapshot-2' } });
    await manager.until(() => manager.committed.length === 3);
    const marks = manager.committed.map(event => event.body.value);
    assert.deepEqual(
      marks.map(mark => (mark as { id: string; end: boolean }).end),
      [false, false, true],
    );
  });
});

describe('desired states', { timeout: 20_000 }, () => {
  it('are stored before they are accepted, and reconcilers hear of them', async t => {
    const { manager, operator } = await withLink(t);
    const { desiredStates } = operator.journal;
    const heard: string[] = [];
    desiredStates.onChange(key => heard.push(key));
    const session = await manager.session(1);
    session.apply({ key: 'tenants/acme', generation: 5, yaml: 'kind: X' });
    const accepted = await session.frame('accepted');

    assert.equal(accepted.number, 1n);
    assert.equal(accepted.generation, 5n);
    assert.deepEqual(desiredStates.get('tenants/acme'), {
      key: 'tenants/acme',
      generation: 5,
      uid: 'uid-1',
      yaml: 'kind: X',
    });
    assert.deepEqual(heard, ['tenants/acme']);
  });

  it('of an older generation are dropped, and accepted all the same', async t => {
    const { manager, operator } = await withLink(t);
    const session = await manager.session(1);
    session.apply({ key: 'tenants/acme', generation: 5, yaml: 'new' });
    session.apply({ key: 'tenants/acme', generation: 4, yaml: 'old' });
    session.apply({ key: 'tenants/acme', generation: 5, yaml: 'other' });
    await session.until(() => session.frames('accepted').length === 3);
    assert.equal(
      operator.journal.desiredStates.get('tenants/acme')?.yaml,
      'new',
    );
  });

  it('that the guard refuses are told as events, not stored, and keep the window moving', async t => {
    const { manager, operator } = await withLink(t, {
      guard: {
        check: state =>
          state.key === 'tenants/kube-system'
            ? { allowed: false, reason: 'That name is reserved.' }
            : { allowed: true },
      },
    });
    const session = await manager.session(1);
    session.apply({ key: 'tenants/kube-system', generation: 1, yaml: 'x' });
    session.apply({ key: 'tenants/acme', generation: 2, yaml: 'y' });
    await session.until(() => session.frames('accepted').length === 2);
    await manager.until(() => manager.committed.length === 1);

    const [event] = manager.committed;
    assert.equal(event.key, 'apply/tenants/kube-system');
    assert.ok(event.body.case === 'applyResult');
    assert.equal(event.body.value.message, 'That name is reserved.');
    assert.deepEqual(
      operator.journal.desiredStates.list().map(state => state.key),
      ['tenants/acme'],
    );
  });

  it('that the guard refused are in no digest, are refused again when they come again, and raise the highest generation', async t => {
    const { manager, operator } = await withLink(t, {
      guard: { check: () => ({ allowed: false, reason: 'Not here.' }) },
    });
    const first = await manager.session(1);
    first.apply({ key: 'tenants/kube', generation: 9, yaml: 'x' });
    await manager.until(() => manager.committed.length === 1);
    manager.cut();

    const second = await manager.session(2);
    assert.equal(second.hello.highestGeneration, 9n);
    assert.deepEqual((await second.frame('digest')).entries, []);
    second.apply({ key: 'tenants/kube', generation: 9, yaml: 'x' });
    await manager.until(() => manager.committed.length === 2);
    const [told, again] = manager.committed;
    assert.deepEqual(again.body, told.body);
    assert.deepEqual(operator.journal.desiredStates.list(), []);
  });

  it('whose bytes are not those of their hash are refused', async t => {
    const { manager, operator } = await withLink(t);
    const session = await manager.session(1);
    session.apply({
      key: 'tenants/acme',
      generation: 1,
      yaml: 'kind: X',
      sha256: Buffer.alloc(32),
    });
    await manager.until(() => manager.committed.length === 1);
    assert.deepEqual(operator.journal.desiredStates.list(), []);
  });

  it('that are held, tombstones too, are in the digest of each session', async t => {
    const { manager } = await withLink(t);
    const first = await manager.session(1);
    assert.deepEqual((await first.frame('digest')).entries, []);
    first.apply({ key: 'tenants/acme', generation: 5, yaml: 'kind: X' });
    first.apply({ key: 'tenants/beta', generation: 6 });
    await first.until(() => first.frames('accepted').length === 2);

    manager.cut();
    const second = await manager.session(2);
    const { entries } = await second.frame('digest');
    assert.deepEqual(
      entries.map(e => [e.key, e.generation, e.deleted, e.sha256.length]),
      [
        ['tenants/acme', 5n, false, 32],
        ['tenants/beta', 6n, true, 0],
      ],
    );
  });

  it('that a Manager asks for are told byte for byte, and so are tombstones and what is not held', async t => {
    const { manager, operator } = await withLink(t);
    const session = await manager.session(1);
    assert.ok(session.hello.capabilities.includes('held-states'));
    const yaml = '# Zoë\r\nkind: X\n';
    session.apply({ key: 'tenants/acme', generation: 5, uid: 'u1', yaml });
    session.apply({ key: 'tenants/beta', generation: 6, uid: 'u2' });
    await session.until(() => session.frames('accepted').length === 2);
    operator.journal.desiredStates.confirmDeleted('tenants/beta', 6);

    const keys = ['tenants/acme', 'tenants/beta', 'tenants/gamma'];
    session.send({ case: 'heldRequest', value: { keys } });
    await session.until(() => session.frames('heldState').length === 3);
    const [acme, beta, gamma] = session.frames('heldState');
    assert.ok(acme.content.case === 'yaml');
    assert.deepEqual(Buffer.from(acme.content.value), Buffer.from(yaml));
    assert.deepEqual(
      Buffer.from(acme.sha256),
      createHash('sha256').update(yaml).digest(),
    );
    assert.deepEqual(
      [acme, beta, gamma].map(held => [
        held.key,
        held.generation,
        held.uid,
        held.content.case,
      ]),
      [
        ['tenants/acme', 5n, 'u1', 'yaml'],
        ['tenants/beta', 6n, 'u2', 'tombstone'],
        ['tenants/gamma', 0n, '', undefined],
      ],
    );
  });

  it('of 1 MiB pass', async t => {
    const { manager, operator } = await withLink(t);
    const session = await manager.session(1);
    const yaml = `x: ${'y'.repeat(1024 * 1024 - 3)}`;
    session.apply({ key: 'applications/acme/web', generation: 1, yaml });
    await session.frame('accepted');
    const stored = operator.journal.desiredStates.get('applications/acme/web');
    assert.equal(stored?.yaml?.length, 1024 * 1024);
  });
});
