import { waitUntil } from '@kubenova/local/processes';
import { OPERATIONS, type OperationKind } from './faults/operations.ts';
import type { Fault, Operation } from './faults/types.ts';
import { Model } from './model/Model.ts';
import type { Observation, Violation } from './model/observation.ts';
import type { Step } from './schedule/createSchedule.ts';
import { Random } from './schedule/Random.ts';
import { Backups } from './world/Backups.ts';
import { observe } from './world/observe.ts';
import { Workload } from './world/Workload.ts';
import type { World } from './world/World.ts';

const MOST_WORK = 12;
const ADMINISTRATION_LIMIT_MS = 10_000;
const NOTICE_LIMIT_MS = 6_000;
const REST_LIMIT_MS = 300_000;

type Held = Fault & { healedAt: number };

/** Resolves when the fault shows. One that does not in time shows somebody who copes with it. */
async function untilNoticed(fault: Fault): Promise<void> {
  const deadline = performance.now() + NOTICE_LIMIT_MS;
  while (performance.now() < deadline) {
    if (await fault.isNoticed?.().catch(() => false)) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Does operations to a world at work, heals them when they are due, and knows what has to be true then. */
export class ChaosRun {
  readonly #world: World;
  readonly #say: (line: string) => void;
  readonly #model: Model;
  readonly #workload: Workload;
  readonly #backups: Backups;
  #held: Held[] = [];

  constructor(options: { world: World; say: (line: string) => void }) {
    const { world } = options;
    this.#world = world;
    this.#model = new Model(world.operators.map(({ cluster }) => cluster.name));
    this.#say = options.say;
    this.#workload = new Workload({ world, model: this.#model });
    this.#backups = new Backups({ world, model: this.#model });
  }

  /** Nothing is wanted before a first session, so that nothing that is wanted can be forgotten unsent. */
  async begin(): Promise<void> {
    await waitUntil(
      { what: 'first sessions', limitMs: REST_LIMIT_MS, intervalMs: 50 },
      async () =>
        this.#world.operators.every(({ isOpen }) => isOpen) || undefined,
    );
  }

  /** Heals what is due, and does the operation while everybody is at work. */
  async take(step: Step<OperationKind>): Promise<void> {
    const random = new Random(step.seed);
    const operation: Operation = OPERATIONS[step.kind];
    await this.#heal(
      fault => operation.isAlone === true || fault.healedAt <= step.number,
    );
    const before = this.#workload.burst(random, random.below(MOST_WORK));
    const fault = await this.#inject(step, operation, random);
    await this.#workload.burst(random, random.below(MOST_WORK));
    await before;
    if (fault?.isNoticed && step.untilNoticed) {
      await untilNoticed(fault);
    }
  }

  /** Whether the world has to come to rest before this step. */
  needsRest(step: Step<OperationKind>): boolean {
    const { replacesJournal }: Operation = OPERATIONS[step.kind];
    return replacesJournal === true && this.#backups.isUndecided;
  }

  /** Heals everything, and waits until all is as it has to be; what is not by then is broken. */
  async rest(): Promise<Violation[]> {
    await this.#heal(() => true);
    let violations: Violation[] = [];
    const started = performance.now();
    try {
      await waitUntil(
        { what: 'rest', limitMs: REST_LIMIT_MS, intervalMs: 200 },
        async () => {
          const seen = await observe(this.#world);
          await this.#administer(seen);
          violations = this.#model.check(seen);
          return violations.length === 0 || undefined;
        },
      );
    } catch (error) {
      if (violations.length === 0) {
        throw error;
      }
      return violations;
    }
    this.#backups.decided();
    const took = Math.round(performance.now() - started);
    this.#say(`      at rest, all promises kept (${took} ms)`);
    return [];
  }

  async #inject(
    step: Step<OperationKind>,
    operation: Operation,
    random: Random,
  ): Promise<Fault | undefined> {
    const fault = await operation.inject({
      world: this.#world,
      model: this.#model,
      workload: this.#workload,
      backups: this.#backups,
      random,
      take: on => this.#heal(held => held.on === on),
    });
    this.#say(
      `${String(step.number).padStart(5)} ${
        fault?.what ?? `${step.kind} can't be had here`
      }`,
    );
    if (fault) {
      this.#held.push({ ...fault, healedAt: step.number + 1 + step.heldFor });
    }
    return fault;
  }

  /** What people have to do before all is well: adopt where the Manager is behind (D9), and replay what was set aside (E9). */
  async #administer({ behind, parked }: Observation): Promise<void> {
    for (const { cluster } of this.#world.operators) {
      const { id, name } = cluster;
      if (behind.includes(name)) {
        this.#model.adopted(name);
        await this.#order({ adopt: { id, name } });
      }
      if (parked.some(event => event.cluster === name)) {
        await this.#order({ replay: { id, name } });
      }
    }
  }

  /** Through whichever replica takes it; what is not done then is tried again at the next look. */
  async #order(order: object): Promise<void> {
    for (const replica of this.#world.replicas) {
      const { outcome } = await replica.order(order, ADMINISTRATION_LIMIT_MS);
      if (outcome === 'done') {
        return;
      }
    }
  }

  async #heal(which: (fault: Held) => boolean): Promise<void> {
    const due = this.#held.filter(which);
    this.#held = this.#held.filter(fault => !due.includes(fault));
    for (const fault of due) {
      await fault.heal();
    }
  }
}
