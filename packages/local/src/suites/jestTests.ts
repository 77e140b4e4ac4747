import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withPostgres } from '../postgres/index.ts';
import { runCommand } from '../processes/runCommand.ts';
import { yarnCommand } from '../processes/yarn.ts';
import { jestPostgresEnv } from './jestPostgresEnv.ts';
import type { TestKind } from './nodeTests.ts';
import type { Counts, SuiteContext } from './types.ts';

const NOT_UNIT = String.raw`\.(integration|long)\.test\.`;

/** Runs the Jest tests of one kind in all Backstage packages, with a Postgres of their own. */
export function runJestTests(
  kind: TestKind,
  context: SuiteContext,
): Promise<Counts> {
  // Last, as each takes all words up to the next option; backstage-cli adds options of its own behind them.
  const selection =
    kind === 'unit'
      ? ['--testPathIgnorePatterns', NOT_UNIT]
      : ['--testPathPatterns', String.raw`\.${kind}\.test\.`];
  return withPostgres(async postgres => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-tests-'));
    const report = path.join(dir, 'report.json');
    try {
      await runCommand(
        ...yarnCommand(context.root, [
          ...['backstage-cli', 'repo', 'test'],
          ...context.filters,
          ...['--watch=false', '--json', '--outputFile', report],
          ...selection,
        ]),
        {
          cwd: context.root,
          env: {
            ...context.env,
            ...jestPostgresEnv(postgres.connectionString),
            CI: '1',
          },
          signal: context.signal,
          onOutput: text => process.stdout.write(text),
        },
      );
      return countJestReport(JSON.parse(readFileSync(report, 'utf8')));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
}

/** The fields of Jest's report that count. */
export type JestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not be loaded; their tests are in none of the numbers above. */
  numRuntimeErrorTestSuites: number;
};

export function countJestReport(report: JestReport): Counts {
  return {
    passed: report.numPassedTests,
    failed:
      report.numFailedTests +
      report.numPendingTests +
      report.numTodoTests +
      report.numRuntimeErrorTestSuites,
  };
}
