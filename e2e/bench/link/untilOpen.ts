import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './Bench.ts';

const LIMIT_MS = 5 * 60_000;
const LOOK_EVERY_MS = 100;

/** How old a session has to be for its operator to begin anew with short pauses when it ends (S2). */
const SETTLED_MS = 31_000;

/** Waits until no session is young: what is measured then does not depend on what was done to the links before. */
export async function untilSettled(bench: Bench): Promise<void> {
  const { swarm, fleet, signal } = bench;
  for (;;) {
    const openedAt = Object.values(await swarm.ask('openedAt', {}));
    const isSettled = (at: number) => Date.now() - at >= SETTLED_MS;
    if (
      openedAt.length === fleet.operators.length &&
      openedAt.every(isSettled)
    ) {
      return;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

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
