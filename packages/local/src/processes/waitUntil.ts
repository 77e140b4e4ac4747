import { setTimeout as delay } from 'node:timers/promises';

export type WaitOptions = {
  /** What is waited for, for the error's sentence: "fra1 to be connected". */
  what: string;
  limitMs: number;
  signal?: AbortSignal;
  intervalMs?: number;
};

/**
 * Asks again and again until there is an answer other than undefined. An exception counts as no answer yet and is the
 * cause of the error when the limit is reached.
 */
export async function waitUntil<T>(
  options: WaitOptions,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const { what, limitMs, signal, intervalMs = 500 } = options;
  const deadline = performance.now() + limitMs;
  let cause: unknown;
  do {
    signal?.throwIfAborted();
    try {
      const answer = await ask();
      if (answer !== undefined) {
        return answer;
      }
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(intervalMs, undefined, { signal });
  } while (performance.now() < deadline);
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  throw new Error(
    `Waited ${Math.round(limitMs / 1000)} s in vain for ${what}${reason}`,
    { cause },
  );
}
