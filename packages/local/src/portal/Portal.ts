import type { Balancer } from '../balancer/index.ts';
import type { ManagedProcess } from '../processes/startProcess.ts';
import type { Backend } from './startBackend.ts';

/**
 * The portal as it runs here: one backend, or several replicas behind a balancer.
 *
 * 1. A backend that ends without having been told to is told of once, by `failed`; what is told to end here is not.
 * 2. Replicas are started one after another: in a new database two of them would make the same tables at the same moment.
 * 3. A replica is restarted only while all the others can be reached through the balancer.
 */
export class Portal {
  /** Where a browser opens it. */
  readonly url: string;
  /** Settles when a process ended by itself, with a sentence for a person. */
  readonly failed: Promise<string>;
  readonly #starters: ReadonlyArray<() => Promise<Backend>>;
  readonly #balancer: Balancer | undefined;
  readonly #running = new Map<number, Backend>();
  #fail!: (message: string) => void;
  #isStopping = false;

  constructor(options: {
    url: string;
    /** One for each replica; they start a backend and wait until it is ready. */
    starters: ReadonlyArray<() => Promise<Backend>>;
    /** Absent where there is one backend, which has the portal's address itself. */
    balancer?: Balancer;
  }) {
    this.url = options.url;
    this.#starters = options.starters;
    this.#balancer = options.balancer;
    this.failed = new Promise(resolve => {
      this.#fail = resolve;
    });
    if (this.#balancer) {
      const { process, logFile } = this.#balancer;
      void ended(process).then(() => {
        if (!this.#isStopping) {
          this.#fail(`The balancer ended by itself; see ${logFile}`);
        }
      });
    }
  }

  /** Starts the backends that don't run, and resolves when all can be reached. */
  async start(signal?: AbortSignal): Promise<void> {
    for (const index of this.#starters.keys()) {
      if (!this.#running.has(index)) {
        await this.#startOne(index);
      }
    }
    await this.#balancer?.untilAllReady(signal);
  }

  /** Of the backends that run, in the order of their names. */
  pids(): number[] {
    return [...this.#starters.keys()].flatMap(
      index => this.#running.get(index)?.process.pid ?? [],
    );
  }

  /**
   * SIGKILL: no backend gets to say good-bye. Resolves when they are gone.
   *
   * @param only one of them, counted from 0; absent: all
   */
  async kill(only?: number): Promise<void> {
    const indexes = only === undefined ? [...this.#running.keys()] : [only];
    await Promise.all(
      indexes.map(async index => {
        const backend = this.#running.get(index);
        this.#running.delete(index);
        await backend?.process.kill();
      }),
    );
  }

  /** Replaces the backends one by one, as a release does. Each drains, ends, and is awaited before the next one's turn. */
  async rollingRestart(signal?: AbortSignal): Promise<void> {
    for (const index of this.#starters.keys()) {
      await this.#stopOne(index);
      await this.#startOne(index);
      await this.#balancer?.untilAllReady(signal);
    }
  }

  /** Ends everything in order. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(
      [...this.#running.keys()].map(index => this.#stopOne(index)),
    );
    await this.#balancer?.stop();
  }

  async #startOne(index: number): Promise<void> {
    const backend = await this.#starters[index]();
    this.#running.set(index, backend);
    void ended(backend.process).then(() => {
      if (this.#running.get(index) === backend) {
        this.#running.delete(index);
        this.#fail(`The portal ended by itself; see ${backend.logFile}`);
      }
    });
  }

  async #stopOne(index: number): Promise<void> {
    const backend = this.#running.get(index);
    this.#running.delete(index);
    await backend?.stop();
  }
}

/** Not being able to start it counts as its end. */
async function ended(process: ManagedProcess): Promise<void> {
  await process.exited.catch(() => {});
}
