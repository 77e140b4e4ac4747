import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessTable } from '../processTable.ts';

const CHECK_EVERY_MS = 2_000;

/** Starts components again that have ended, until the signal fires. */
export async function keepRunning(options: {
  table: ProcessTable;
  signal: AbortSignal;
  log: (message: string) => void;
}): Promise<void> {
  const { table, signal, log } = options;
  while (!signal.aborted) {
    for (const launch of table.ended()) {
      log(`${launch.name} had ended and is started again`);
      table.start(launch);
    }
    await sleep(CHECK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
