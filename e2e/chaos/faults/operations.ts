import { networks } from './networks.ts';
import { processes } from './processes.ts';
import { releases } from './releases.ts';
import { storage } from './storage.ts';
import { twins } from './twins.ts';
import type { Operation } from './types.ts';

/** Everything that can be done to a world. */
export const OPERATIONS = {
  ...processes,
  ...networks,
  ...storage,
  ...twins,
  ...releases,
} satisfies Record<string, Operation>;

export type OperationKind = keyof typeof OPERATIONS;
