import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 60_000;
const POLL_MS = 50;

/** Waits until an assertion holds; its last failure is the test's. The limit is generous: it only ends what will never come. */
export async function eventually<T>(
  assertion: () => Promise<T> | T,
  limitMs = LIMIT_MS,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > end) {
        throw error;
      }
      await delay(POLL_MS);
    }
  }
}

/** Asserts that something is there, and answers it. */
export function present<T>(value: T | undefined, what: string): T {
  assert.ok(value !== undefined, `${what} is not there`);
  return value;
}
