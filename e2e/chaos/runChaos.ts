import { OPERATIONS, type OperationKind } from './faults/operations.ts';
import type { Operation } from './faults/types.ts';
import { ChaosRun } from './ChaosRun.ts';
import type { Violation } from './model/observation.ts';
import { createSchedule } from './schedule/createSchedule.ts';
import { World } from './world/World.ts';

const REPLICAS = ['one', 'two'];
const CLUSTERS = ['ams1', 'fra1', 'osl1'];
/** After so many operations everything is healed and looked at. */
const ROUND = 10;

export type ChaosOptions = {
  root: string;
  /** Everything of the run is here. */
  folder: string;
  seed: number;
  operations: number;
  /** Told what happens. */
  say: (line: string) => void;
};

/** What is broken at the end, or in between. A run ends with the first round that breaks a promise. */
export type ChaosResult = { operations: number; violations: Violation[] };

/** Runs a schedule of operations on a world at work. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const kinds = Object.entries<Operation>(OPERATIONS).map(
    ([kind, { weight }]) => ({ kind: kind as OperationKind, weight }),
  );
  const schedule = createSchedule({
    seed: options.seed,
    count: options.operations,
    kinds,
  });
  const world = await World.start({
    ...options,
    replicas: REPLICAS,
    clusters: CLUSTERS,
  });
  try {
    const run = new ChaosRun({ world, say: options.say });
    await run.begin();
    for (const step of schedule) {
      const before = run.needsRest(step) ? await run.rest() : [];
      if (before.length > 0) {
        return { operations: step.number - 1, violations: before };
      }
      await run.take(step);
      const isRoundOver =
        step.number % ROUND === 0 || step.number === schedule.length;
      const after = isRoundOver ? await run.rest() : [];
      if (after.length > 0) {
        return { operations: step.number, violations: after };
      }
    }
    return { operations: schedule.length, violations: [] };
  } finally {
    await world.close();
  }
}
