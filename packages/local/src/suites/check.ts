import { runCommand } from '../processes/runCommand.ts';
import type { Counts, SuiteContext } from './types.ts';

/** Something that is right or wrong as a whole, such as a formatter's opinion on the repository. */
export type Check = {
  name: string;
  /** Resolves with what is wrong; undefined if nothing is. */
  run(context: SuiteContext): Promise<string | undefined>;
};

/** A check that is right when a command ends with code 0; otherwise its output says what is wrong. */
export function commandCheck(
  name: string,
  command: (context: SuiteContext) => [command: string, args: string[]],
): Check {
  return {
    name,
    async run(context) {
      const { root, env, signal } = context;
      const options = { cwd: root, env, signal };
      const result = await runCommand(...command(context), options);
      return result.code === 0 ? undefined : result.output;
    },
  };
}

/** Runs all checks, one after another, and shows what is wrong. */
export async function runChecks(
  checks: Check[],
  context: SuiteContext,
): Promise<Counts> {
  const { terminal } = context;
  const counts = { passed: 0, failed: 0 };
  for (const check of checks) {
    await terminal.step(check.name, async detail => {
      const problem = await check.run(context);
      if (problem === undefined) {
        counts.passed += 1;
      } else {
        counts.failed += 1;
        detail('FAILED');
        process.stdout.write(`${problem.trimEnd()}\n`);
      }
    });
  }
  return counts;
}
