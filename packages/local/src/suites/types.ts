import type { Terminal } from '../terminal/steps.ts';

export type SuiteContext = {
  /** The checkout. */
  root: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  terminal: Terminal;
  /** What to pass on to the runner, to run some of the tests only. */
  filters: string[];
};

/** What is skipped counts as failed: a test that did not run has shown nothing. */
export type Counts = { passed: number; failed: number };

export type Suite = {
  name: string;
  summary: string;
  /** Whether `./kubenova test` without a name runs it. */
  isDefault: boolean;
  run(context: SuiteContext): Promise<Counts>;
};

export function sum(counts: Counts[]): Counts {
  return {
    passed: counts.reduce((total, each) => total + each.passed, 0),
    failed: counts.reduce((total, each) => total + each.failed, 0),
  };
}
