import { runNodeTests } from './nodeTests.ts';
import type { Suite } from './types.ts';

export const chaos: Suite = {
  name: 'chaos',
  summary:
    'The link while processes, networks, disks and clocks fail (KUBENOVA_CHAOS_SEED chooses how).',
  isDefault: true,
  run: context => runNodeTests('chaos', context),
};
