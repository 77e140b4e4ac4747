import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** Resolves when the condition holds; a condition that throws ends the wait. */
export async function waitUntil(
  condition: () => Promise<boolean>,
  options: { signal: AbortSignal },
): Promise<void> {
  const { signal } = options;
  for (;;) {
    signal.throwIfAborted();
    if (await condition()) return;
    await sleep(POLL_MS, undefined, { signal });
  }
}
