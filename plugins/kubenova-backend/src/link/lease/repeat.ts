import { toError } from '@backstage/errors';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs something again and again, a period after it ended, until the signal fires. A run that throws is told to `failed` and does not
 * end the loop.
 */
export async function repeat(options: {
  periodMs: number;
  signal: AbortSignal;
  run(): Promise<void>;
  failed(error: Error): void;
}): Promise<void> {
  const { signal } = options;
  while (!signal.aborted) {
    try {
      await options.run();
    } catch (error) {
      options.failed(toError(error));
    }
    await sleep(options.periodMs, undefined, { signal }).catch(() => {}); // the loop sees the signal
  }
}
