import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 30_000;

/** Waits until the condition holds. @throws Error where it does not come to hold. */
export async function eventually(
  condition: () => Promise<boolean>,
  describe: () => unknown = () => '',
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`It did not come to be. ${JSON.stringify(describe())}`);
    }
    await sleep(20);
  }
}
