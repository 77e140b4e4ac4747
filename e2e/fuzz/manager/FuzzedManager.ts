import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { bundleManager } from '../../chaos/manager/bundleManager.ts';
import { ChaosPostgres } from '../../chaos/world/ChaosPostgres.ts';
import {
  ManagerReplica,
  prepareInstallation,
} from '../../chaos/world/ManagerReplica.ts';
import { eventually } from '../eventually.ts';
import type { Holdings } from '../holdings.ts';
import { FuzzOperator } from './FuzzOperator.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

/** The real Manager's link in a process of its own, on a real Postgres. */
export class FuzzedManager {
  readonly #postgres: ChaosPostgres;
  readonly #replica: ManagerReplica;
  readonly operators: FuzzOperator[];

  static async start(folder: string, clusters: number): Promise<FuzzedManager> {
    const [postgres, bundle] = await Promise.all([
      ChaosPostgres.start(path.join(folder, 'postgres')),
      bundleManager(ROOT),
    ]);
    const logs = path.join(folder, 'logs');
    const installation = { ...bundle, root: ROOT, postgres, logs };
    const known = Array.from({ length: clusters }, (_, index) => ({
      id: randomUUID(),
      name: `fuzz-${index}`,
      novaClusterId: randomUUID(),
      joinToken: `knj_${randomUUID()}`,
    }));
    const { installationId, caPem: ca } = await prepareInstallation(
      installation,
      known,
    );
    const replica = await ManagerReplica.create('fuzzed', installation);
    replica.start();
    await eventually(async () => replica.isListening);
    const url = `https://127.0.0.1:${replica.port}`;
    const address = { url, ca, installationId };
    const operators = known.map(
      cluster => new FuzzOperator({ cluster, manager: address }),
    );
    for (const operator of operators) {
      await operator.enroll();
    }
    return new FuzzedManager({ postgres, replica, operators });
  }

  private constructor(options: {
    postgres: ChaosPostgres;
    replica: ManagerReplica;
    operators: FuzzOperator[];
  }) {
    this.#postgres = options.postgres;
    this.#replica = options.replica;
    this.operators = options.operators;
  }

  get isAlive(): boolean {
    return this.#replica.isListening;
  }

  async holdings(): Promise<Holdings> {
    const answer = await this.#replica.order({ memory: true }, 10_000);
    if (answer.outcome !== 'done') {
      throw new Error(`The Manager does not answer: ${JSON.stringify(answer)}`);
    }
    return answer.result as Holdings;
  }

  /** Sessions that are shown as open. */
  async openSessions(): Promise<number> {
    const [{ count }] = await this.#postgres.query<{ count: string }>(
      'SELECT count(*) FROM links WHERE open',
    );
    return Number(count);
  }

  /** How many different records of a cluster are committed. */
  async records(clusterId: string): Promise<number> {
    const [{ count }] = await this.#postgres.query<{ count: string }>(
      'SELECT count(DISTINCT record) FROM ledger_records WHERE cluster_id = $1',
      [clusterId],
    );
    return Number(count);
  }

  async stop(): Promise<void> {
    await this.#replica.close();
    await this.#postgres.kill();
  }
}
