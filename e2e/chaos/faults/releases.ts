import { waitUntil } from '@kubenova/local/processes';
import type { Chaos, Operation } from './types.ts';

const LIMIT_MS = 60_000;
const SENT_LIMIT_MS = 10_000;
const BURSTS = 3;

/** Releases and restores: what is done to the whole Manager at once. */
export const releases = {
  /** A release that marks every event as poison, replaced by a good one later (E9). */
  poisonRelease: {
    weight: 2,
    isAlone: true,
    inject: async ({ world }) => {
      await rollAll(world, { poison: true });
      return {
        what: 'a release to which every event is poison',
        on: 'release',
        heal: () => rollAll(world, { poison: false }),
      };
    },
  },
  /** The database as it was some while ago (D9, E6). Where there is no backup, one is taken, and some time passes. */
  databaseRestored: {
    weight: 2,
    isAlone: true,
    inject: async ({ world, backups, workload, random }) => {
      if (!backups.hasDatabase) {
        await backups.backUpDatabase();
        for (let burst = 0; burst < BURSTS; burst++) {
          await workload.burst(random, 10);
        }
        await untilSent(world);
      }
      await backups.restoreDatabase();
      return {
        what: 'the database is restored from its backup',
        on: 'backup',
        heal: async () => {},
      };
    },
  },
} satisfies Record<string, Operation>;

async function rollAll(
  world: Chaos['world'],
  release: { poison: boolean },
): Promise<void> {
  await Promise.all(world.replicas.map(replica => replica.roll(release)));
  await waitUntil(
    { what: 'replicas to listen', limitMs: LIMIT_MS, intervalMs: 50 },
    async () =>
      world.replicas.some(({ isListening }) => isListening) || undefined,
  );
}

/** Resolves when operators have what was wanted of them, so that the database is about to forget what they know; or after a while. */
async function untilSent(world: Chaos['world']): Promise<void> {
  const options = {
    what: 'desired states to be accepted',
    limitMs: SENT_LIMIT_MS,
    intervalMs: 50,
  };
  await waitUntil(options, async () => {
    const waiting = await world.postgres.query(
      'SELECT FROM desired_states WHERE deleted_at IS NULL AND accepted_generation IS DISTINCT FROM generation',
    );
    return waiting.length === 0 || undefined;
  }).catch(() => {}); // somebody is slow, and is caught in the middle of it
}
