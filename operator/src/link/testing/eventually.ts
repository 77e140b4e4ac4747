import { setTimeout } from 'node:timers/promises';

/** Resolves when the condition holds, for conditions that nothing announces. The test's own limit ends a wait in vain. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await setTimeout(2);
  }
}
