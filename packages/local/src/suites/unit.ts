import { runJestTests } from './jestTests.ts';
import { runNodeTests } from './nodeTests.ts';
import { sum, type Suite } from './types.ts';

export const unit: Suite = {
  name: 'unit',
  summary: 'Tests beside the sources; those of stores have a real Postgres.',
  isDefault: true,
  run: async context =>
    sum([
      await runNodeTests('unit', context),
      await runJestTests('unit', context),
    ]),
};
