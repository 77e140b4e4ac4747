import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DateTime } from 'luxon';
import type { CallHandler } from '../Calls.ts';
import { Asker } from '../testing/Asker.ts';
import { tenantEvent, type TestOperator } from '../testing/TestOperator.ts';
import { withLink } from '../testing/withLink.ts';
import { createDiagnostics } from './diagnostics.ts';

describe('diagnostics', { timeout: 20_000 }, () => {
  it('tell of the process, the journal, the Lease and what went wrong', async t => {
    const running: { operator?: TestOperator } = {};
    const now = DateTime.fromISO('2026-11-24T06:00:00.000Z', { zone: 'utc' });
    const problem = {
      at: '2026-11-24T05:00:00.000Z',
      level: 'warn' as const,
      message: 'the network went away',
    };
    const diagnostics: CallHandler = (payload, signal) =>
      createDiagnostics({
        identity: { operatorVersion: '0.1.0', kubernetesVersion: 'v1.36.3' },
        journal: running.operator!.journal,
        clock: { now: () => now },
        leaseHolder: () => 'operator-0_1234',
        recentProblems: () => [problem],
      })(payload, signal);
    const link = await withLink(t, { calls: { diagnostics } }, manager =>
      manager.plan({ holdAcks: true }),
    );
    const { operator } = link;
    running.operator = operator;
    const session = await link.manager.session(1);
    operator.journal.events.put(tenantEvent('acme'));
    await session.frame('eventBatch');

    const asker = new Asker(session);
    asker.ask({ method: 'diagnostics' });
    const answer = JSON.parse((await asker.answer()).toString());

    const { rssBytes, uptimeSeconds, journal, ...rest } = answer;
    assert.ok(rssBytes > 1024 * 1024);
    assert.ok(uptimeSeconds >= 0);
    const { bytes, oldestAt, ...level } = journal;
    assert.ok(bytes > 0);
    assert.ok(DateTime.fromISO(oldestAt).isValid);
    const { depth, budgetBytes } = operator.journal.space.level();
    assert.deepEqual(level, { depth, budgetBytes });
    assert.ok(depth > 0);
    assert.deepEqual(rest, {
      takenAt: '2026-11-24T06:00:00.000Z',
      operatorVersion: '0.1.0',
      kubernetesVersion: 'v1.36.3',
      nodeVersion: process.versions.node,
      leaseHolder: 'operator-0_1234',
      incarnation: session.hello.incarnation,
      ackedSeq: 0,
      assignedSeq: 1,
      highestEpoch: 1,
      highestGeneration: 0,
      recentErrors: [problem],
    });
  });

  it('of an operator that has nothing to tell leave it out', async () => {
    const handler = createDiagnostics({
      identity: { operatorVersion: '0.1.0', kubernetesVersion: 'v1.36.3' },
      journal: {
        head: {
          incarnation: 'i',
          ackedSeq: 0,
          assignedSeq: 0,
          highestEpoch: 0,
          highestGeneration: 0,
        },
        space: { level: () => ({ depth: 0, bytes: 0, budgetBytes: 1 }) },
      },
      clock: { now: () => DateTime.utc() },
      leaseHolder: () => undefined,
      recentProblems: () => [],
    });
    const { signal } = new AbortController();
    const answer = await handler(new Uint8Array(), signal);
    assert.ok(answer instanceof Uint8Array);
    const told = JSON.parse(Buffer.from(answer).toString());
    assert.ok(!('leaseHolder' in told));
    assert.deepEqual(told.journal, { depth: 0, bytes: 0, budgetBytes: 1 });
  });
});
