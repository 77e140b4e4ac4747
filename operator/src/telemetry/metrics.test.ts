import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DateTime } from 'luxon';
import type { LinkPhase } from '../link/LinkState.ts';
import type { AttemptOutcome } from '../link/outcome.ts';
import { eventually } from '../link/testing/eventually.ts';
import { ScriptedManager } from '../link/testing/ScriptedManager.ts';
import { TestOperator } from '../link/testing/TestOperator.ts';
import type { ApplyOutcome, OperatorEvent } from '../link/types.ts';
import { MetricsServer } from './MetricsServer.ts';
import { OperatorMetrics } from './OperatorMetrics.ts';

it('tells Prometheus of sessions, journal and applies', async t => {
  const manager = await ScriptedManager.start();
  const outcomes: AttemptOutcome[] = [];
  let phase: () => LinkPhase = () => ({ kind: 'connecting' });
  const metrics = new OperatorMetrics({
    phase: () => phase(),
    nowMs: () => Date.now(),
    residentMemory: () => process.memoryUsage.rss(),
  });
  const operator = new TestOperator({
    manager,
    onOutcome: outcome => {
      outcomes.push(outcome);
      metrics.sessionEnded(outcome);
    },
  });
  phase = () => operator.state.phase;
  metrics.readJournal(() => operator.journal.space.level());
  const server = new MetricsServer({ metrics });
  const port = await server.start(0);
  t.after(async () => {
    await server.stop();
    await operator.stop();
    await manager.stop();
  });
  const scrape = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    assert.equal(response.status, 200);
    const text = await response.text();
    return (name: string) => {
      const found = text.split('\n').find(line => line.startsWith(`${name} `));
      return found === undefined ? undefined : Number(found.split(' ')[1]);
    };
  };

  await eventually(() => operator.state.phase.kind === 'open');
  const events = metrics.counting(operator.journal.events);
  events.put(applyResult(1, 'Applied'));
  events.put(applyResult(1, 'Applied'));
  events.put(applyResult(2, 'Failed'));
  let value = await scrape();
  assert.equal(value('kubenova_operator_link_state{state="open"}'), 1);
  assert.equal(value('kubenova_operator_link_state{state="refused"}'), 0);
  assert.equal(value('kubenova_operator_applies_total{outcome="Applied"}'), 1);
  assert.equal(value('kubenova_operator_applies_total{outcome="Failed"}'), 1);
  assert.ok(Number(value('kubenova_operator_resident_memory_bytes')) > 1e6);
  assert.ok(Number(value('kubenova_operator_journal_budget_bytes')) > 0);

  operator.interrupt();
  await eventually(() => outcomes.length === 1);
  value = await scrape();
  assert.equal(
    value('kubenova_operator_sessions_ended_total{outcome="stopped"}'),
    1,
  );
});

it('has nothing at other paths', async t => {
  const metrics = new OperatorMetrics({
    phase: () => ({ kind: 'connecting' }),
    nowMs: () => 0,
    residentMemory: () => 0,
  });
  const server = new MetricsServer({ metrics });
  const port = await server.start(0);
  t.after(() => server.stop());
  const { status } = await fetch(`http://127.0.0.1:${port}/healthz`);
  assert.equal(status, 404);
});

function applyResult(generation: number, outcome: ApplyOutcome): OperatorEvent {
  return {
    key: 'apply/tenants/acme',
    kind: 'state',
    observedAt: DateTime.utc(),
    body: {
      case: 'applyResult',
      value: {
        key: 'tenants/acme',
        uid: 'uid',
        generation,
        outcome,
        message: '',
      },
    },
  };
}
