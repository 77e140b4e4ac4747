import { Code, ConnectError } from '@connectrpc/connect';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tenantEvent } from './testing/TestOperator.ts';
import { withLink } from './testing/withLink.ts';

describe('opening a session', { timeout: 20_000 }, () => {
  it('enrols the key once, then signs Hello with it', async t => {
    const { manager, operator } = await withLink(t);
    const session = await manager.session(1);

    assert.equal(session.hello.protocolVersion, 1);
    assert.equal(session.hello.operatorVersion, '0.1.0');
    manager.cut();
    await manager.session(2);
    assert.equal(manager.enrolments.length, 1);
    assert.equal(manager.enrolments[0].joinToken, 'token-1');
    assert.equal(operator.state.condition().status, 'True');
  });

  it('retries a stalled handshake', async t => {
    const { manager } = await withLink(t, { openingTimeoutMs: 100 }, m =>
      m.plan({ stall: true }),
    );
    await manager.session(1);
    assert.equal(manager.attempts, 2);
  });

  it('dials a connection of its own for each session', async t => {
    const { manager } = await withLink(t);
    const first = await manager.session(1);
    first.send({ case: 'drain', value: { spreadMs: 1 } });
    await manager.session(2);
    await manager.until(() => manager.connections === 1);
  });

  it('says why it was refused, and does not hammer the Manager', async t => {
    const { manager, operator } = await withLink(t, {}, m =>
      m.plan({
        error: new ConnectError('the cluster is gone', Code.PermissionDenied),
      }),
    );
    await manager.until(() => manager.attempts === 1);
    await new Promise<void>(resolve => {
      operator.state.onChange(resolve);
    });
    const condition = operator.state.condition();
    assert.equal(condition.status, 'False');
    assert.equal(condition.reason, 'PermissionDenied');
    assert.match(condition.message!, /the cluster is gone/);
    assert.equal(manager.attempts, 1);
  });

  it('tells of the refused token rather than of the unknown key', async t => {
    const { operator } = await withLink(t, {}, m => {
      m.enrolError = new ConnectError(
        'the join token has expired',
        Code.PermissionDenied,
      );
    });
    await new Promise<void>(resolve => {
      operator.state.onChange(resolve);
    });
    assert.match(operator.state.condition().message!, /token has expired/);
  });

  it('refuses a Manager of another installation before it says who it is', async t => {
    const { manager, operator } = await withLink(t, {
      installationId: 'installation-2',
    });
    await new Promise<void>(resolve => {
      operator.state.onChange(resolve);
    });
    assert.equal(operator.state.condition().reason, 'OtherInstallation');
    assert.equal(manager.sessions.length, 0);
  });

  it('does not dial without the Lease', async t => {
    const { manager, operator } = await withLink(t);
    await manager.session(1);
    operator.isHolder = false;
    manager.cut();
    await operator.ended;
    assert.equal(manager.attempts, 1);
  });
});

describe('keeping a session', { timeout: 20_000 }, () => {
  it('dials again after a cut', async t => {
    const { manager, operator } = await withLink(t);
    await manager.session(1);
    manager.cut();
    await manager.session(2);
    assert.equal(operator.journal.highestEpoch, 2);
  });

  it('takes a silent Manager for dead, and dials again', async t => {
    const { manager } = await withLink(t, {}, m => {
      m.heartbeatMs = 100;
    });
    // Neither of them is sent anything after Welcome.
    await manager.session(2);
  });

  it('lives on heartbeats, and sends its own', async t => {
    const { manager } = await withLink(t, {}, m => {
      m.heartbeatMs = 100;
    });
    const session = await manager.session(1);
    for (let count = 1; count <= 8; count++) {
      await session.until(() => session.frames('heartbeat').length >= count);
      session.send({ case: 'heartbeat', value: {} });
    }
    assert.equal(manager.sessions.length, 1);
  });

  it('tells in its heartbeats how full the journal is', async t => {
    const { manager, operator } = await withLink(t, {}, m => {
      m.heartbeatMs = 100;
      m.plan({ holdAcks: true });
    });
    operator.journal.events.put(tenantEvent('acme'));
    const session = await manager.session(1);
    const { journal } = await session.frame(
      'heartbeat',
      beat => beat.journal?.depth === 2n,
    );
    assert.ok(journal!.bytes > 0n);
    assert.equal(journal!.budgetBytes, 256n * 1024n * 1024n);
    assert.ok(journal!.oldestAt);
  });

  it('obeys a session only if its epoch is above all that it obeyed', async t => {
    const { manager, operator } = await withLink(t, {}, m =>
      m.plan({ epoch: 7 }),
    );
    const first = await manager.session(1);
    manager.plan({ epoch: 7 });
    manager.cut();
    const second = await manager.session(2);
    second.apply({ key: 'tenants/acme', generation: 1, yaml: 'kind: X' });
    await second.until(() => second.over);
    assert.equal(operator.journal.desiredStates.get('tenants/acme'), undefined);

    await manager.session(3);
    assert.equal(operator.journal.highestEpoch, 8);
    assert.ok(first.over);
  });

  it('ends a session in which the Manager breaks the protocol', async t => {
    const { manager } = await withLink(t);
    const first = await manager.session(1);
    first.send({ case: 'challenge', value: {} });
    await first.until(() => first.over);
    await manager.session(2);
  });

  it('says Bye and lets the Manager close, when the process stops', async t => {
    const { manager, operator } = await withLink(t);
    const session = await manager.session(1);
    operator.interrupt();
    await operator.ended;
    assert.equal(session.frames('bye').length, 1);
    assert.equal(manager.attempts, 1);
  });

  it('settles what is in flight before it leaves at a drain', async t => {
    const { manager, operator } = await withLink(t, {}, m =>
      m.plan({ holdAcks: true }),
    );
    operator.journal.events.put(tenantEvent('acme'));
    const first = await manager.session(1);
    await first.frame('eventBatch');
    first.send({ case: 'drain', value: { spreadMs: 1 } });
    first.apply({ key: 'tenants/acme', generation: 3, yaml: 'kind: X' });
    await first.frame('accepted');
    assert.equal(first.frames('bye').length, 0);

    first.acknowledge(1);
    await first.frame('bye');
    manager.ackedSeq = 1;
    const second = await manager.session(2);
    assert.equal(second.hello.ackedSeq, 1n);
  });
});
