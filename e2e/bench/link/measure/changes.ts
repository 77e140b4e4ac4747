import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../Bench.ts';
import { figure, type Figure } from '../figures.ts';
import { percentile } from '../percentiles.ts';

const ROUNDS = 3;
const CHANGES_A_ROUND = 100;
const BETWEEN_CHANGES_MS = 50;
const LIMIT_MS = 60_000;

/** From the commit of a change to the acknowledgement of its outcome, over clusters that are drawn in turn. */
export async function measureChanges(bench: Bench): Promise<Figure[]> {
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await changeSome(bench, round));
  }
  const note =
    'from commit to acknowledged outcome, by the clock of one machine; the operator applies at once';
  const operators = bench.fleet.operators.length;
  return [
    figure({
      name: `Change → applied with ${operators} operators, p50`,
      unit: 'ms',
      samples: rounds.map(latencies => percentile(latencies, 0.5)),
      note,
    }),
    figure({
      name: `Change → applied with ${operators} operators, p99`,
      unit: 'ms',
      samples: rounds.map(latencies => percentile(latencies, 0.99)),
      aim: { atMost: 1_000 },
      note,
    }),
  ];
}

async function changeSome(bench: Bench, round: number): Promise<number[]> {
  const { fleet, swarm, signal } = bench;
  const { names } = fleet;
  const changed = Array.from(
    { length: CHANGES_A_ROUND },
    (_, index) => names[(round * CHANGES_A_ROUND + index * 7) % names.length],
  );
  await swarm.ask('takeApplied', {});
  for (const [index, cluster] of changed.entries()) {
    await fleet.change(cluster, round * CHANGES_A_ROUND + index);
    await delay(BETWEEN_CHANGES_MS, undefined, { signal });
  }
  return latenciesOf(bench, new Set(changed));
}

async function latenciesOf(
  { database, swarm, signal }: Bench,
  clusters: Set<string>,
): Promise<number[]> {
  const { rows } = await database.query<{
    name: string;
    generation: string;
    written_at: Date;
  }>(
    `SELECT clusters.name, desired.generation, desired.written_at
     FROM desired_states desired JOIN clusters ON clusters.id = desired.cluster_id
     WHERE desired.key = 'cluster/config' AND clusters.name = ANY($1)`,
    [[...clusters]],
  );
  const acknowledgedAt = new Map<string, number>();
  const deadline = Date.now() + LIMIT_MS;
  const isMissing = () =>
    rows.some(row => !acknowledgedAt.has(`${row.name}/${row.generation}`));
  while (isMissing()) {
    if (Date.now() > deadline) {
      throw new Error('Not every change was applied within a minute');
    }
    for (const applied of await swarm.ask('takeApplied', {})) {
      const { operator, generation } = applied;
      acknowledgedAt.set(`${operator}/${generation}`, applied.acknowledgedAt);
    }
    await delay(20, undefined, { signal });
  }
  return rows.map(
    row =>
      acknowledgedAt.get(`${row.name}/${row.generation}`)! -
      row.written_at.getTime(),
  );
}
