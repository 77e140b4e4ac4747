import type { Chaos, Operation } from './types.ts';

/** SIGKILL, SIGSTOP and orderly ends of replicas, operators and Postgres. */
export const processes = {
  managerKilled: {
    weight: 3,
    inject: async ({ world, random, take }) => {
      const replica = random.pick(world.replicas);
      const on = `replica ${replica.name}`;
      await take(on);
      await replica.kill();
      return {
        what: `SIGKILL of replica ${replica.name}`,
        on,
        heal: async () => replica.start(),
      };
    },
  },
  managerFrozen: {
    weight: 3,
    inject: async ({ world, random, take }) => {
      const replica = random.pick(world.replicas);
      const on = `replica ${replica.name}`;
      await take(on);
      replica.freeze();
      return {
        what: `SIGSTOP of replica ${replica.name}`,
        on,
        isNoticed: async () => world.operators.every(({ isOpen }) => isOpen),
        heal: async () => replica.thaw(),
      };
    },
  },
  managerDrained: {
    weight: 2,
    inject: async ({ world, random, take }) => {
      const replica = random.pick(world.replicas);
      const on = `replica ${replica.name}`;
      await take(on);
      replica.end();
      return {
        what: `an orderly end of replica ${replica.name}`,
        on,
        heal: async () => {
          await replica.kill(); // where it did not come to its end
          replica.start();
        },
      };
    },
  },
  operatorKilled: {
    weight: 3,
    inject: async ({ world, random, take }) => {
      const operator = random.pick(world.operators);
      const on = `operator ${operator.cluster.name}`;
      await take(on);
      operator.crash();
      return {
        what: `SIGKILL of the operator of ${operator.cluster.name}`,
        on,
        isNoticed: async () => operator.isLeading,
        heal: async () => {},
      };
    },
  },
  operatorFrozen: {
    weight: 3,
    inject: async ({ world, random, take }) => {
      const operator = random.pick(world.operators);
      const on = `operator ${operator.cluster.name}`;
      await take(on);
      operator.freeze();
      return {
        what: `SIGSTOP of the operator of ${operator.cluster.name}`,
        on,
        isNoticed: () => isClosed(world, operator.cluster.id),
        heal: async () => operator.thaw(),
      };
    },
  },
  postgresKilled: {
    weight: 2,
    inject: async ({ world, take }) => {
      await take('postgres');
      await world.postgres.kill();
      return {
        what: 'SIGKILL of Postgres',
        on: 'postgres',
        heal: () => world.postgres.restart(),
      };
    },
  },
  postgresFrozen: {
    weight: 2,
    inject: async ({ world, take }) => {
      await take('postgres');
      await world.postgres.signal('SIGSTOP');
      return {
        what: 'SIGSTOP of Postgres',
        on: 'postgres',
        isNoticed: async () => world.operators.every(({ isOpen }) => !isOpen),
        heal: () => world.postgres.signal('SIGCONT'),
      };
    },
  },
} satisfies Record<string, Operation>;

/** Whether the Manager has given the cluster's session up. */
async function isClosed(
  world: Chaos['world'],
  clusterId: string,
): Promise<boolean> {
  const [link] = await world.postgres.query(
    'SELECT open FROM links WHERE cluster_id = $1',
    [clusterId],
  );
  return link?.open === false;
}
