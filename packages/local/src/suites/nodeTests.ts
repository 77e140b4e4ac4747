import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from '../processes/runCommand.ts';
import type { Counts, SuiteContext } from './types.ts';

/** The folders whose tests Node's own runner runs, as it runs their code: without a build. */
const FOLDERS = [
  'operator/src',
  'packages/local/src',
  'e2e/bench',
  'e2e/chaos',
  'e2e/fuzz',
  'e2e/simulation',
];

export type TestKind = 'unit' | 'integration' | 'chaos' | 'long';

/** Runs the tests of one kind: *.test.ts, *.integration.test.ts, *.chaos.test.ts or *.long.test.ts. */
export async function runNodeTests(
  kind: TestKind,
  context: SuiteContext,
): Promise<Counts> {
  const { root, signal, env, filters } = context;
  const files = FOLDERS.flatMap(folder =>
    testFiles(path.join(root, folder)),
  ).filter(
    file =>
      kindOf(file) === kind &&
      (filters.length === 0 || filters.some(filter => file.includes(filter))),
  );
  if (files.length === 0) {
    return { passed: 0, failed: 0 };
  }
  const dir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-tests-'));
  const countsFile = path.join(dir, 'counts.json');
  try {
    const result = await runCommand(
      process.execPath,
      [
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
        '--test',
        // Real control planes and containers side by side would only wait for one another.
        ...(kind === 'unit' ? [] : ['--test-concurrency=1']),
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        `--test-reporter=${path.join(
          import.meta.dirname,
          'countsReporter.ts',
        )}`,
        `--test-reporter-destination=${countsFile}`,
        ...files,
      ],
      { cwd: root, env, signal, onOutput: text => process.stdout.write(text) },
    );
    const counts: Counts = JSON.parse(readFileSync(countsFile, 'utf8'));
    // A runner that fails without a failed test has not run what it should have.
    return result.code === 0 || counts.failed > 0
      ? counts
      : { ...counts, failed: 1 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function kindOf(file: string): TestKind {
  const match = /\.(integration|chaos|long)\.test\.ts$/.exec(file);
  return (match?.[1] as TestKind | undefined) ?? 'unit';
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.ts'))
    .sort()
    .map(name => path.join(folder, name));
}
