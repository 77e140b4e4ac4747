import type { TestContext } from 'node:test';
import { ScriptedManager } from './ScriptedManager.ts';
import { TestOperator, type TestOperatorOptions } from './TestOperator.ts';

/** A Manager and an operator for one test. Both are gone after it, and neither may leave a connection behind. */
export async function withLink(
  t: TestContext,
  options: Omit<TestOperatorOptions, 'manager'> = {},
  prepare: (manager: ScriptedManager) => void = () => {},
): Promise<{ manager: ScriptedManager; operator: TestOperator }> {
  const manager = await ScriptedManager.start();
  prepare(manager);
  const operator = new TestOperator({ manager, ...options });
  t.after(async () => {
    await operator.stop();
    await manager.until(() => manager.connections === 0);
    await manager.stop();
  });
  return { manager, operator };
}
