import { yarnCommand } from '../processes/yarn.ts';
import { commandCheck, runChecks } from './check.ts';
import type { Suite } from './types.ts';

const CHECKS = [
  commandCheck('eslint', ({ root }) =>
    yarnCommand(root, ['backstage-cli', 'repo', 'lint', '--max-warnings', '0']),
  ),
  commandCheck('sh -n kubenova', () => ['sh', ['-n', 'kubenova']]),
];

export const lint: Suite = {
  name: 'lint',
  summary: 'What a program can say about the code without running it.',
  isDefault: true,
  run: context => runChecks(CHECKS, context),
};
