import type { OperatorHost } from '../world/OperatorHost.ts';
import type { Chaos, Fault, Operation } from './types.ts';

const HOUR_MS = 3_600_000;

/** Disks, volumes, backups and clocks. */
export const storage = {
  databaseBackedUp: {
    weight: 2,
    isAlone: true,
    inject: async ({ backups }) => {
      await backups.backUpDatabase();
      return done('a backup of the database');
    },
  },
  volumeCopied: {
    weight: 2,
    inject: async ({ world, backups, random, take }) => {
      const operator = random.pick(world.operators);
      await takeJournal(take, operator);
      backups.backUpVolume(operator);
      return done(`a copy of the journal of ${operator.cluster.name}`);
    },
  },
  volumeRolledBack: {
    weight: 3,
    replacesJournal: true,
    inject: async ({ world, backups, random, take }) => {
      const copied = world.operators.filter(operator =>
        backups.hasVolume(operator),
      );
      const operator = random.pick(
        copied.length > 0 ? copied : world.operators,
      );
      await takeJournal(take, operator);
      await backups.rollBackVolume(operator, 'copy');
      return done(
        `the journal of ${operator.cluster.name} goes back to ${
          copied.length > 0 ? 'its copy' : 'nothing'
        }`,
        `operator ${operator.cluster.name}`,
      );
    },
  },
  volumeLost: {
    weight: 2,
    replacesJournal: true,
    inject: async ({ world, backups, random, take }) => {
      const operator = random.pick(world.operators);
      await takeJournal(take, operator);
      await backups.rollBackVolume(operator, 'nothing');
      return done(
        `the journal of ${operator.cluster.name} is lost`,
        `operator ${operator.cluster.name}`,
      );
    },
  },
  diskFull: {
    weight: 3,
    inject: async ({ world, random, take }) => {
      const operator = random.pick(world.operators);
      const on = `disk ${operator.cluster.name}`;
      await take(on);
      if (!operator.volume.isSmall) {
        return undefined;
      }
      operator.volume.fill();
      return {
        what: `the disk of the journal of ${operator.cluster.name} is full`,
        on,
        heal: async () => operator.volume.makeRoom(),
      };
    },
  },
  clockMoved: {
    weight: 3,
    inject: async ({ world, random, take }) => {
      const offsetMs = random.pick([-HOUR_MS, HOUR_MS]);
      const host = random.pick([...world.operators, ...world.replicas]);
      const name =
        'cluster' in host
          ? `the operator of ${host.cluster.name}`
          : `replica ${host.name}`;
      const on = `clock of ${name}`;
      await take(on);
      await host.moveClock(offsetMs);
      return {
        what: `the clock of ${name} is an hour ${
          offsetMs > 0 ? 'ahead' : 'behind'
        }`,
        on,
        heal: () => host.moveClock(0),
      };
    },
  },
} satisfies Record<string, Operation>;

/** A journal changes hands only while its process and its disk are well. */
async function takeJournal(
  take: Chaos['take'],
  operator: OperatorHost,
): Promise<void> {
  await take(`operator ${operator.cluster.name}`);
  await take(`disk ${operator.cluster.name}`);
}

/** There is nothing to heal. */
export function done(what: string, on = what): Fault {
  return { what, on, heal: async () => {} };
}
