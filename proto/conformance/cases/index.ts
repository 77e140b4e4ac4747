import type { ConformanceCase } from '../types.ts';
import { BEHIND } from './behind.ts';
import { CALLS } from './calls.ts';
import { DOWN } from './down.ts';
import { KEYS } from './keys.ts';
import { OPENING } from './opening.ts';
import { SESSIONS } from './sessions.ts';
import { UP } from './up.ts';

/** All cases; the names are unique. */
export const CASES: readonly ConformanceCase[] = [
  ...OPENING,
  ...DOWN,
  ...BEHIND,
  ...UP,
  ...SESSIONS,
  ...KEYS,
  ...CALLS,
];
