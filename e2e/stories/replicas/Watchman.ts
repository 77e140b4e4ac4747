import type { PortalApi } from '@kubenova/local/seed';
import type {
  ApplicationList,
  ClusterList,
} from '@kubenova/plugin-kubenova-common';

const PAUSE_MS = 200;

/** Asks the portal over and over, and keeps what nobody ought to see: a stale mark, or a request that fails. */
export class Watchman {
  readonly complaints = new Set<string>();
  /** How often everything was read. */
  rounds = 0;
  readonly #api: PortalApi;
  readonly #tenant: string;
  #isOver = false;
  readonly #watching: Promise<void>;

  constructor(options: { api: PortalApi; tenant: string }) {
    this.#api = options.api;
    this.#tenant = options.tenant;
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.#round();
        this.rounds++;
      } catch (error) {
        this.complaints.add(`A request failed: ${error}`);
      }
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #round(): Promise<void> {
    const root = '/api/kubenova';
    const query = new URLSearchParams({ tenant: this.#tenant });
    const [clusters, applications] = await Promise.all([
      this.#api.call<ClusterList>('GET', `${root}/clusters`),
      this.#api.call<ApplicationList>('GET', `${root}/applications?${query}`),
    ]);
    for (const { name, stale, status } of clusters.items) {
      if (
        ['fra1', 'ams1'].includes(name) &&
        (stale || status !== 'connected')
      ) {
        this.complaints.add(`${name} is ${stale ? 'stale' : status}`);
      }
    }
    for (const { name, deployments } of applications.items) {
      for (const { cluster, stale } of deployments) {
        if (stale) {
          this.complaints.add(`${name} is stale in ${cluster}`);
        }
      }
    }
  }
}
