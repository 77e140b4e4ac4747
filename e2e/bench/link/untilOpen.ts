import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './Bench.ts';

const LIMIT_MS = 5 * 60_000;
const LOOK_EVERY_MS = 100;

/**
 * Waits until every operator has a session that was opened after a moment.
 *
 * @returns how long after it each one's was opened, in milliseconds
 */
export async function untilAllOpenedAfter(
  { swarm, fleet, signal }: Pick<Bench, 'swarm' | 'fleet' | 'signal'>,
  sinceMs: number,
  names: readonly string[] = fleet.names,
): Promise<number[]> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const openedAt = await swarm.ask('openedAt', {});
    const after = names
      .map(name => (openedAt[name] ?? -Infinity) - sinceMs)
      .filter(elapsed => elapsed >= 0);
    if (after.length === names.length) {
      return after;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `Only ${after.length} of ${names.length} sessions were opened within 5 minutes`,
      );
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
