import { chaos } from './chaos.ts';
import { e2e } from './e2e/index.ts';
import { format } from './format.ts';
import { integration, long } from './integration.ts';
import { lint } from './lint.ts';
import { typecheck } from './typecheck.ts';
import type { Suite } from './types.ts';
import { unit } from './unit.ts';

/** In the order in which they run: what is quick to fail comes first. */
export const SUITES: Suite[] = [
  format,
  lint,
  typecheck,
  unit,
  integration,
  chaos,
  e2e,
  long,
];
