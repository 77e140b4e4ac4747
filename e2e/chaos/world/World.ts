import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { bundleManager } from '../manager/bundleManager.ts';
import { ChaosPostgres } from './ChaosPostgres.ts';
import {
  ManagerReplica,
  prepareInstallation,
  type Installation,
} from './ManagerReplica.ts';
import { OperatorHost } from './OperatorHost.ts';

/** Postgres, replicas of the Manager and operators with their datacenters, each in processes of its own. */
export class World {
  readonly folder: string;
  readonly postgres: ChaosPostgres;
  readonly replicas: ManagerReplica[];
  readonly operators: OperatorHost[];

  /** Everything is started; nothing is waited for but Postgres and the replicas. */
  static async start(options: {
    root: string;
    folder: string;
    replicas: readonly string[];
    clusters: readonly string[];
  }): Promise<World> {
    const { root, folder } = options;
    const logs = path.join(folder, 'logs');
    const bundle = await bundleManager(root);
    const postgres = await ChaosPostgres.start(path.join(folder, 'postgres'));
    const installation: Installation = { ...bundle, root, postgres, logs };
    const clusters = options.clusters.map(name => ({
      id: randomUUID(),
      name,
      novaClusterId: randomUUID(),
      joinToken: `knj_${randomUUID()}`,
    }));
    const manager = await prepareInstallation(installation, clusters);
    const replicas = await Promise.all(
      options.replicas.map(name => ManagerReplica.create(name, installation)),
    );
    replicas.forEach(replica => replica.start());
    const target = balance(replicas);
    const operators = await Promise.all(
      clusters.map(cluster =>
        OperatorHost.create({
          ...{ root, logs, cluster, manager, target },
          folder: path.join(folder, cluster.name),
        }),
      ),
    );
    operators.forEach(operator => operator.start());
    return new World({ folder, postgres, replicas, operators });
  }

  private constructor(options: {
    folder: string;
    postgres: ChaosPostgres;
    replicas: ManagerReplica[];
    operators: OperatorHost[];
  }) {
    this.folder = options.folder;
    this.postgres = options.postgres;
    this.replicas = options.replicas;
    this.operators = options.operators;
  }

  async close(): Promise<void> {
    await Promise.all(this.operators.map(operator => operator.close()));
    await Promise.all(this.replicas.map(replica => replica.close()));
    await this.postgres.kill();
  }
}

/** What a load balancer does that finds out only by connecting: turns, among the replicas that have a process. */
function balance(replicas: readonly ManagerReplica[]): () => number {
  let turn = 0;
  return () => {
    turn += 1;
    const running = replicas.filter(({ isRunning }) => isRunning);
    const candidates = running.length > 0 ? running : replicas;
    return candidates[turn % candidates.length].port;
  };
}
