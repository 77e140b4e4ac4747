import { yarnCommand } from '../processes/yarn.ts';
import { commandCheck, runChecks } from './check.ts';
import type { Suite } from './types.ts';

// The order matters: the first writes the declarations (dist-types) that the last two read.
const CHECKS = [
  commandCheck('tsc: proto, plugins, app, backend', ({ root }) =>
    yarnCommand(root, ['tsc']),
  ),
  ...['operator', 'local', 'e2e'].map(name =>
    commandCheck(`tsc: ${name}`, ({ root }) =>
      yarnCommand(root, ['workspace', `@kubenova/${name}`, 'run', 'tsc']),
    ),
  ),
];

export const typecheck: Suite = {
  name: 'types',
  summary: 'The types of all workspaces.',
  isDefault: true,
  run: context => runChecks(CHECKS, context),
};
