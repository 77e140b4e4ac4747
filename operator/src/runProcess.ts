/** The life of the process: signals, exit codes, and a limit on how long the end may take. */
import type { Clock } from './link/clock.ts';
import type { Logger } from './log/logger.ts';

const END_LIMIT_MS = 10_000;

/**
 * Runs until SIGTERM or SIGINT, and ends the process: with 0 after an orderly end, with 1 after a failure or when the end takes
 * longer than 10 s. A second signal changes nothing.
 */
export async function runProcess(options: {
  run: (signal: AbortSignal) => Promise<void>;
  clock: Clock;
  logger: Logger;
}): Promise<never> {
  const { run, clock, logger } = options;
  const stop = new AbortController();
  const end = (signal: string) => {
    if (!stop.signal.aborted) {
      logger.info('operator stops', { signal });
      stop.abort();
      clock.after(END_LIMIT_MS, () => {
        logger.error('operator did not stop in time');
        process.exit(1);
      });
    }
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  try {
    await run(stop.signal);
    process.exit(0);
  } catch (error) {
    logger.error('operator failed', { error });
    process.exit(1);
  }
}

/**
 * Runs all until the signal fires. The first that fails ends the others; resolves, or rejects with that failure, when all have ended.
 */
export async function runTogether(
  signal: AbortSignal,
  runners: ReadonlyArray<(signal: AbortSignal) => Promise<void>>,
): Promise<void> {
  const failed = new AbortController();
  const working = AbortSignal.any([signal, failed.signal]);
  await Promise.all(
    runners.map(async runner => {
      try {
        await runner(working);
      } catch (error) {
        failed.abort(error);
      }
    }),
  );
  if (failed.signal.aborted) {
    throw failed.signal.reason;
  }
}
