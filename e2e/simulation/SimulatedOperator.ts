import {
  createLink,
  createLogger,
  Journal,
  LinkState,
  OperatorKey,
  OperatorKeys,
} from '@kubenova/operator/link';
import { ManualClock } from '@kubenova/operator/link/testing';
import { DateTime } from 'luxon';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 5;
/** While nobody is connected, nothing waits for the Manager's time. */
const HURRY = 20;
const PATIENCE_MS = 120_000;

/** The real operator's link and journal, on a clock that is turned by hand. */
export class SimulatedOperator {
  readonly journal: Journal;
  readonly clock = new ManualClock();
  readonly #state: LinkState;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: {
    folder: string;
    manager: { url: string; ca: string; installationId: string };
    clusterId: string;
    joinToken: string;
    budgetBytes: number;
  }) {
    const { folder, clusterId, manager, budgetBytes } = options;
    const { clock } = this;
    mkdirSync(folder, { recursive: true });
    const joinTokenFile = path.join(folder, 'token');
    writeFileSync(joinTokenFile, options.joinToken);
    this.journal = Journal.open({
      file: path.join(folder, 'journal.db'),
      clusterId,
      clock,
      createUuid: randomUUID,
      budgetBytes,
    });
    this.#state = new LinkState({ clock });
    const stored = { present: OperatorKey.generate() };
    const link = createLink({
      journal: this.journal,
      guard: { check: () => ({ allowed: true }) },
      manager,
      joinTokenFile,
      identity: {
        clusterId,
        installationId: manager.installationId,
        processInstance: randomUUID(),
        operatorVersion: '0.1.0',
        kubernetesVersion: 'v1.36.3',
      },
      keys: new OperatorKeys({
        store: {
          load: async () => stored,
          create: async () => stored,
          replace: async next => {
            Object.assign(stored, next);
          },
        },
        stored,
      }),
      isHolder: () => true,
      state: this.#state,
      random: Math.random,
      createUuid: randomUUID,
      clock,
      logger: createLogger({
        write: line => appendFileSync(path.join(folder, 'operator.log'), line),
        now: () => DateTime.utc(),
      }),
    });
    this.#running = link.start(this.#stop.signal);
  }

  get isConnected(): boolean {
    return this.#state.condition().status === 'True';
  }

  /** Lets time pass as it does, or in a hurry where nobody is connected, until the condition holds. @throws Error where it does not. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    let last = performance.now();
    while (!(await condition())) {
      if (Date.now() > deadline) {
        throw new Error('It did not come to be');
      }
      await sleep(STEP_MS);
      const now = performance.now();
      this.clock.advance(
        Math.ceil((now - last) * (this.isConnected ? 1 : HURRY)),
      );
      last = now;
    }
  }

  /** Jumps ahead, and lets what is due begin. */
  async skip(ms: number): Promise<void> {
    this.clock.advance(ms);
    await setImmediate();
  }

  /** Everything that was put is acknowledged. */
  get hasTold(): boolean {
    return this.journal.space.level().depth === 0;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    const over = this.#running.then(() => true);
    // Its good order has limits of time, which somebody has to let pass.
    while (!(await Promise.race([over, sleep(STEP_MS).then(() => false)]))) {
      this.clock.advance(STEP_MS * HURRY);
    }
    this.journal.close();
  }
}
