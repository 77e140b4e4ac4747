import { runJestTests } from './jestTests.ts';
import { runNodeTests } from './nodeTests.ts';
import { sum, type Suite } from './types.ts';

export const integration: Suite = {
  name: 'integration',
  summary:
    'Real kube-apiservers, containers, processes and Postgres (*.integration.test.ts).',
  isDefault: true,
  run: async context =>
    sum([
      await runNodeTests('integration', context),
      await runJestTests('integration', context),
    ]),
};

export const long: Suite = {
  name: 'long',
  summary: 'What takes too long for every change (*.long.test.ts).',
  isDefault: false,
  run: async context =>
    sum([
      await runNodeTests('long', context),
      await runJestTests('long', context),
    ]),
};
