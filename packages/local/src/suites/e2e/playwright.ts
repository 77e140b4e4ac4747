import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../processes/runCommand.ts';
import { yarnCommand } from '../../processes/yarn.ts';
import type { Counts, SuiteContext } from '../types.ts';

const CHROMIUM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The browser of the system; KUBENOVA_CHROMIUM names another. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  return env.KUBENOVA_CHROMIUM ?? CHROMIUM.find(file => existsSync(file));
}

/** Runs the stories against what the facts file describes. */
export async function runStories(
  context: SuiteContext,
  options: { chromium: string; factsFile: string },
): Promise<Counts> {
  const { root, env, signal, filters } = context;
  const report = path.join(root, '.cache/e2e-report.json');
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  await runCommand(...yarnCommand(root, ['playwright', 'test', ...filters]), {
    cwd: path.join(root, 'e2e'),
    env: {
      ...env,
      KUBENOVA_CHROMIUM: options.chromium,
      KUBENOVA_E2E: options.factsFile,
      KUBENOVA_E2E_REPORT: report,
    },
    signal,
    onOutput: text => process.stdout.write(text),
  });
  if (!existsSync(report)) {
    return { passed: 0, failed: 1 };
  }
  return countPlaywrightReport(JSON.parse(readFileSync(report, 'utf8')));
}

/** The fields of Playwright's report that count. */
export type PlaywrightReport = {
  stats: {
    expected: number;
    unexpected: number;
    flaky: number;
    skipped: number;
  };
  /** Files that could not be loaded. */
  errors: unknown[];
};

export function countPlaywrightReport(report: PlaywrightReport): Counts {
  const { expected, unexpected, flaky, skipped } = report.stats;
  return {
    passed: expected,
    failed: unexpected + flaky + skipped + report.errors.length,
  };
}
