import { freePort } from '@kubenova/local/processes';
import { FaultyProxy } from '../network/FaultyProxy.ts';
import type { ChaosPostgres } from './ChaosPostgres.ts';
import { TalkingProcess, type OrderOutcome } from './TalkingProcess.ts';

/** The periods of the link, a tenth of what they are in earnest: what a run waits for most. */
const HURRIED_PERIODS = {
  hello: 3_000,
  heartbeat: 500,
  silence: 1_500,
  stale: 3_000,
  sweep: 500,
  poll: 250,
  lease: 1_500,
  takeover: 100,
  drain: 500,
  ingestRetry: 100,
};

/** What all replicas share. */
export type Installation = {
  root: string;
  /** The bundled program. */
  program: string;
  migrations: string;
  postgres: ChaosPostgres;
  logs: string;
  /** Of the link: those that are left out are as in earnest. Absent: all are hurried. */
  periods?: Record<string, number>;
  /** Whether replicas keep the ledger of what was committed; by default they do. */
  hasLedger?: boolean;
};

/** A replica of the Manager, with a network of its own to Postgres. It keeps its port when its process is another one. */
export class ManagerReplica {
  readonly name: string;
  readonly port: number;
  /** Between this replica and Postgres. */
  readonly network: FaultyProxy;
  readonly #installation: Installation;
  #process: TalkingProcess | undefined;
  #isWanted = false;
  #isListening = false;
  #poison = false;
  #clockOffsetMs = 0;

  static async create(
    name: string,
    installation: Installation,
  ): Promise<ManagerReplica> {
    const { postgres } = installation;
    const network = await FaultyProxy.listen(() => postgres.port);
    const port = await freePort();
    return new ManagerReplica({ name, port, network, installation });
  }

  private constructor(options: {
    name: string;
    port: number;
    network: FaultyProxy;
    installation: Installation;
  }) {
    this.name = options.name;
    this.port = options.port;
    this.network = options.network;
    this.#installation = options.installation;
  }

  get isRunning(): boolean {
    return this.#process !== undefined && !this.#process.isOver;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** Starts it where it is not running; again and again where it ends by itself, as for want of a database. */
  start(): void {
    this.#isWanted = true;
    if (!this.isRunning) {
      this.#run();
    }
  }

  /** Replaces its release. A poisonous one finds the data of every event at fault (E9). */
  async roll(release: { poison: boolean }): Promise<void> {
    this.#poison = release.poison;
    await this.kill();
    this.start();
  }

  async order(order: object, limitMs?: number): Promise<OrderOutcome> {
    return this.#process?.order(order, limitMs) ?? { outcome: 'unknown' };
  }

  async moveClock(offsetMs: number): Promise<void> {
    this.#clockOffsetMs = offsetMs;
    await this.order({ clockOffsetMs: offsetMs });
  }

  freeze(): void {
    this.#process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.#process?.signal('SIGCONT');
  }

  /** Drains (S4), and stays away. */
  end(): void {
    this.#isWanted = false;
    void this.#process?.end();
  }

  /** The process dies and stays away. */
  async kill(): Promise<void> {
    this.#isWanted = false;
    await this.#process?.kill();
  }

  async close(): Promise<void> {
    await this.kill();
    this.network.close();
  }

  #run(): void {
    const replica = runReplica(this.#installation, {
      name: this.name,
      port: this.port,
      databasePort: this.network.port,
      clockOffsetMs: this.#clockOffsetMs,
      poison: this.#poison,
      onNews: ({ news }) => {
        this.#isListening = news === 'listening';
      },
    });
    this.#process = replica;
    void replica.exited.then(() => {
      if (this.#process === replica) {
        this.#isListening = false;
        if (this.#isWanted) {
          this.#run();
        }
      }
    });
  }
}

/** Migrates the database, and adds clusters that wait for their operators. */
export async function prepareInstallation(
  installation: Installation,
  clusters: Array<{
    id: string;
    name: string;
    novaClusterId: string;
    joinToken: string;
  }>,
): Promise<{ installationId: string; caPem: string }> {
  const news: Array<Record<string, unknown>> = [];
  const process = runReplica(installation, {
    name: 'prepare',
    port: 0,
    databasePort: installation.postgres.port,
    clockOffsetMs: 0,
    poison: false,
    prepare: { clusters },
    onNews: said => news.push(said),
  });
  const code = await process.exited;
  const prepared = news.find(({ news: kind }) => kind === 'prepared');
  if (code !== 0 || !prepared) {
    throw new Error(
      `The database could not be prepared; ${installation.logs}/prepare.log says why`,
    );
  }
  return {
    installationId: String(prepared.installationId),
    caPem: String(prepared.caPem),
  };
}

function runReplica(
  installation: Installation,
  options: {
    name: string;
    port: number;
    databasePort: number;
    clockOffsetMs: number;
    poison: boolean;
    prepare?: object;
    onNews: (news: Record<string, unknown>) => void;
  },
): TalkingProcess {
  const { name, databasePort, onNews, ...rest } = options;
  const { postgres } = installation;
  const argument = {
    ...rest,
    connectionString: postgres.connectionString(databasePort),
    publicUrl: 'https://127.0.0.1:443',
    periods: installation.periods ?? HURRIED_PERIODS,
    hasLedger: installation.hasLedger ?? true,
  };
  return new TalkingProcess({
    args: [
      '--enable-source-maps',
      '--expose-gc',
      installation.program,
      JSON.stringify(argument),
      installation.migrations,
    ],
    cwd: installation.root,
    logFile: `${installation.logs}/${name}.log`,
    onNews,
  });
}
