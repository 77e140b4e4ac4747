import type { Network } from '../network/FaultyProxy.ts';
import type { Chaos, Fault, Operation } from './types.ts';

const SLOW: Network = { kind: 'slow', delayMs: 150, bytesPerSecond: 64 * 1024 };

/** Networks between operators and replicas, and between a replica and Postgres. */
export const networks = {
  operatorCut: {
    weight: 3,
    inject: chaos => spoilOperator(chaos, { kind: 'cut' }, 'cut off'),
  },
  operatorHalfOpen: {
    weight: 3,
    inject: chaos =>
      spoilOperator(chaos, { kind: 'halfOpen' }, 'on a half-open network'),
  },
  operatorSlow: {
    weight: 2,
    inject: chaos => spoilOperator(chaos, SLOW, 'on a slow network'),
  },
  replicaCutFromPostgres: {
    weight: 3,
    inject: chaos => spoilReplica(chaos, { kind: 'cut' }, 'cut off'),
  },
  replicaHalfOpenToPostgres: {
    weight: 3,
    inject: chaos =>
      spoilReplica(chaos, { kind: 'halfOpen' }, 'on a half-open network'),
  },
  replicaSlowToPostgres: {
    weight: 1,
    inject: chaos =>
      spoilReplica(
        chaos,
        { kind: 'slow', delayMs: 30, bytesPerSecond: 256 * 1024 },
        'on a slow network',
      ),
  },
  /** A name is given up and wanted again while its datacenter is away (D3). */
  nameRecreatedWhileAway: {
    weight: 3,
    inject: async chaos => {
      const { world, workload, random } = chaos;
      const operator = random.pick(world.operators);
      const on = `network ${operator.cluster.name}`;
      await chaos.take(on);
      operator.network.set({ kind: 'cut' });
      await workload.recreate(operator, random);
      return {
        what: `a name deleted and wanted again while ${operator.cluster.name} is away`,
        on,
        isNoticed: async () => !operator.isOpen,
        heal: async () => operator.network.set({ kind: 'open' }),
      };
    },
  },
} satisfies Record<string, Operation>;

async function spoilOperator(
  { world, random, take }: Chaos,
  network: Network,
  how: string,
): Promise<Fault> {
  const operator = random.pick(world.operators);
  const on = `network ${operator.cluster.name}`;
  await take(on);
  operator.network.set(network);
  return {
    what: `the operator of ${operator.cluster.name} is ${how}`,
    on,
    isNoticed: async () => network.kind === 'slow' || !operator.isOpen,
    heal: async () => operator.network.set({ kind: 'open' }),
  };
}

async function spoilReplica(
  { world, random, take }: Chaos,
  network: Network,
  how: string,
): Promise<Fault> {
  const replica = random.pick(world.replicas);
  const on = `database network of ${replica.name}`;
  await take(on);
  replica.network.set(network);
  return {
    what: `replica ${replica.name} is ${how} to Postgres`,
    on,
    isNoticed: async () => world.operators.every(({ isOpen }) => isOpen),
    heal: async () => replica.network.set({ kind: 'open' }),
  };
}
