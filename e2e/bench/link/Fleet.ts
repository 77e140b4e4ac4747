import type { PortalApi } from '@kubenova/local/seed';
import { parseAllDocuments } from 'yaml';
import type { LightOperatorOptions } from './swarm/LightOperator.ts';

const AT_ONCE = 8;

/** The applications that operators tell of, one tenant's, each deployed to every busy cluster. */
const TENANT = 'bench';
const APPLICATIONS = 8;

/** Clusters of light operators, made by the public API like any others. */
export class Fleet {
  readonly #api: PortalApi;
  readonly operators: LightOperatorOptions[] = [];

  constructor(options: { api: PortalApi }) {
    this.#api = options.api;
  }

  get names(): string[] {
    return this.operators.map(({ name }) => name);
  }

  /** Registers clusters and draws a join token for each. */
  async register(count: number): Promise<void> {
    const names = Array.from(
      { length: count },
      (_, index) => `bench-${String(index).padStart(4, '0')}`,
    );
    await inTurns(names, async name => {
      const { novaClusterId } = await this.#api.createCluster({
        name,
        datacenter: 'Bench',
      });
      const { token, linkUrl, manifest } = await this.#api.createJoinCommand(
        name,
      );
      this.operators.push({
        name,
        novaClusterId,
        joinToken: token,
        manager: { url: linkUrl, ca: valueIn(manifest, 'ca.crt') },
        installationId: valueIn(manifest, 'installation-id'),
      });
    });
  }

  /** Deploys applications to some clusters, whose operators can tell of them from then on. */
  async deploy(clusters: string[]): Promise<void> {
    await this.#api.createTenant({ name: TENANT, clusters });
    const names = Array.from({ length: APPLICATIONS }, (_, i) => `web-${i}`);
    await inTurns(names, name =>
      this.#api.createApplication({
        tenant: TENANT,
        name,
        clusters,
        form: { image: 'example/web:1', port: 8080, replicas: 1 },
      }),
    );
  }

  /** Changes the configuration of a cluster: one desired state, with one outcome. */
  async change(cluster: string, turn: number): Promise<void> {
    await this.#api.call('PUT', `/api/kubenova/clusters/${cluster}`, {
      config: { targetLbAnnotations: { 'kubenova.io/bench': String(turn) } },
    });
  }
}

async function inTurns<T>(
  items: readonly T[],
  run: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) {
        await run(item);
      }
    }),
  );
}

/** A value of the ConfigMap or Secret of the join manifest that has this key. */
function valueIn(manifest: string, key: string): string {
  for (const document of parseAllDocuments(manifest)) {
    const { data, stringData } = document.toJS() as {
      data?: Record<string, string>;
      stringData?: Record<string, string>;
    };
    const value = data?.[key] ?? stringData?.[key];
    if (value !== undefined) {
      return value;
    }
  }
  throw new Error(`The join manifest has no ${key}`);
}
