import { waitUntil } from '@kubenova/local/processes';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { bundleManager } from '../manager/bundleManager.ts';
import { ChaosPostgres } from '../world/ChaosPostgres.ts';
import {
  ManagerReplica,
  prepareInstallation,
} from '../world/ManagerReplica.ts';
import { SimulatedFleet } from './SimulatedFleet.ts';

const HOURS = 24;
const AWAY = 0.3;
const AT_ONCE = 16;
const LIMIT_MS = 300_000;
const HOUR_MS = 3_600_000;
const KEY = 'tenants/acme';

/** One look at the Manager: its memory after the garbage was collected, and the rows of each table of the link. */
export type Look = { hour: number; heapMb: number; rows: Map<string, number> };

export type SimulatedDay = {
  /** With everybody there, after one hour of work. */
  before: Look;
  /** After each hour in which some were away. */
  away: Look[];
  /** When all are back and have told and been told everything. */
  after: Look;
  /** The hours of usage that arrived, of so many that were metered. */
  usage: { arrived: number; metered: number };
};

async function until(
  what: string,
  condition: () => Promise<boolean>,
): Promise<void> {
  await waitUntil(
    { what, limitMs: LIMIT_MS, intervalMs: 50 },
    async () => (await condition()) || undefined,
  );
}

function inMb(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

class Day {
  readonly #postgres: ChaosPostgres;
  readonly #replica: ManagerReplica;
  readonly #fleet: SimulatedFleet;
  readonly #say: (line: string) => void;
  readonly #generations = new Map<string, bigint>();
  readonly #uids = new Map<string, string>();
  #hour = 0;

  constructor(options: {
    postgres: ChaosPostgres;
    replica: ManagerReplica;
    fleet: SimulatedFleet;
    say: (line: string) => void;
  }) {
    this.#postgres = options.postgres;
    this.#replica = options.replica;
    this.#fleet = options.fleet;
    this.#say = options.say;
  }

  async run(): Promise<SimulatedDay> {
    const everybody = () => true;
    const size = this.#fleet.clusters.length;
    const isAway = (index: number) => index < size * AWAY;
    const isThere = (index: number) => !isAway(index);
    await this.#fleet.enroll();
    this.#fleet.comeBack(everybody);
    await this.#passHour(everybody);
    const before = await this.#look();

    this.#fleet.goAway(isAway);
    const away: Look[] = [];
    for (let hour = 0; hour < HOURS; hour++) {
      await this.#passHour(isThere);
      away.push(await this.#look());
    }

    this.#fleet.comeBack(isAway);
    await this.#passHour(everybody);
    const after = await this.#look();
    const [{ arrived }] = await this.#postgres.query(
      'SELECT count(*)::int AS arrived FROM usage_records',
    );
    return {
      ...{ before, away, after },
      usage: { arrived, metered: size * this.#hour },
    };
  }

  /** Resolves when those who are there have told and been told everything. */
  async #passHour(isThere: (index: number) => boolean): Promise<void> {
    this.#hour += 1;
    await this.#replica.moveClock(this.#hour * HOUR_MS);
    this.#fleet.passHour(this.#hour);
    await this.#changeAll();
    await until('everybody who is there to be up to date', async () =>
      this.#fleet.isSettled(isThere, this.#generations),
    );
  }

  async #changeAll(): Promise<void> {
    const left = [...this.#fleet.clusters];
    const work = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        await this.#change(next.id);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async #change(clusterId: string): Promise<void> {
    const uid = this.#uids.get(clusterId) ?? randomUUID();
    this.#uids.set(clusterId, uid);
    const answer = await this.#replica.order(
      { put: { clusterId, key: KEY, uid, yaml: `hour: ${this.#hour}\n` } },
      LIMIT_MS,
    );
    if (answer.outcome !== 'done') {
      throw new Error(`A change was not written: ${JSON.stringify(answer)}`);
    }
    const { generation } = answer.result as { generation: number };
    this.#generations.set(clusterId, BigInt(generation));
  }

  async #look(): Promise<Look> {
    const answer = await this.#replica.order({ memory: true }, LIMIT_MS);
    if (answer.outcome !== 'done') {
      throw new Error('The replica did not tell of its memory');
    }
    const { heapUsed, rss } = answer.result as NodeJS.MemoryUsage;
    const rows = await this.#rows();
    const all = [...rows.values()].reduce((sum, count) => sum + count, 0);
    this.#say(
      `hour ${this.#hour}: ${this.#fleet.open} sessions, heap ${inMb(
        heapUsed,
      )} MB, resident ${inMb(rss)} MB, ${all} rows of the link`,
    );
    return { hour: this.#hour, heapMb: inMb(heapUsed), rows };
  }

  /** Of every table that knows a cluster, but for those of usage, which grow by what people pay for, and the harness's own. */
  async #rows(): Promise<Map<string, number>> {
    const tables = await this.#postgres.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'cluster_id'
         AND table_name NOT LIKE 'usage%' AND table_name NOT LIKE 'ledger%'
       ORDER BY name`,
    );
    const rows = new Map<string, number>();
    for (const { name } of tables) {
      const [{ count }] = await this.#postgres.query(
        `SELECT count(*)::int AS count FROM ${name}`,
      );
      rows.set(name, count);
    }
    return rows;
  }
}

/**
 * A day in which a third of the operators is away: the Manager's clock moves on by hours, in each of which every datacenter meters its
 * usage, has a change of state to tell, and is to be changed; who is away is told of the last change only, and tells everything.
 */
export async function simulateDay(options: {
  root: string;
  folder: string;
  operators: number;
  say: (line: string) => void;
}): Promise<SimulatedDay> {
  const { root, folder, say } = options;
  const logs = path.join(folder, 'logs');
  const bundle = await bundleManager(root);
  const postgres = await ChaosPostgres.start(path.join(folder, 'postgres'));
  const installation = {
    ...{ ...bundle, root, logs, postgres },
    periods: {},
    hasLedger: false,
  };
  const clusters = Array.from({ length: options.operators }, (_, index) => ({
    id: randomUUID(),
    name: `dc-${index}`,
    novaClusterId: randomUUID(),
    joinToken: `knj_${randomUUID()}`,
  }));
  const manager = await prepareInstallation(installation, clusters);
  const replica = await ManagerReplica.create('one', installation);
  const url = `https://127.0.0.1:${replica.port}`;
  const fleet = new SimulatedFleet({
    clusters,
    manager: { ...manager, url },
  });
  try {
    replica.start();
    await until('the replica to listen', async () => replica.isListening);
    return await new Day({ postgres, replica, fleet, say }).run();
  } finally {
    fleet.goAway(() => true);
    await replica.close();
    await postgres.kill();
  }
}
