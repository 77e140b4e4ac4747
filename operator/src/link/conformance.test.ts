/** The table of proto/conformance against the real operator's link with a real journal, over TLS; the Manager is scripted. */
import {
  Bindings,
  CASES,
  runCase,
  type ConformanceCase,
} from '@kubenova/proto/conformance/index.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { ManagerWire } from './testing/conformance/ManagerWire.ts';
import {
  OperatorSubject,
  ScriptedGuard,
} from './testing/conformance/OperatorSubject.ts';
import { eventually } from './testing/eventually.ts';
import { TEST_CLUSTER_ID, TestOperator } from './testing/TestOperator.ts';

describe('the operator keeps to the protocol', { timeout: 300_000 }, () => {
  for (const each of CASES) {
    if (each.only?.side !== 'manager') {
      it(`${each.rules.join(' ')}: ${each.name}`, t => run(t, each));
    }
  }
});

async function run(t: TestContext, each: ConformanceCase): Promise<void> {
  const wire = await ManagerWire.start();
  const guard = new ScriptedGuard();
  const operator = new TestOperator({
    manager: wire,
    guard,
    openingTimeoutMs: each.periods?.opening,
  });
  t.after(async () => {
    await operator.stop();
    await eventually(() => wire.connections === 0);
    await wire.stop();
  });
  await runCase(each, {
    real: 'operator',
    wire,
    subject: new OperatorSubject({ operator, guard }),
    bindings: new Bindings({
      cluster: TEST_CLUSTER_ID,
      installation: wire.installationId,
      signer: wire,
      random: { uuid: randomUUID, bytes: () => randomBytes(32) },
    }),
  });
}
