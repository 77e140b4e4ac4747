import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { repeat } from '../lease/repeat';
import { NotificationListener } from '../notifications/DatabaseNotifications';
import { CALLS_CHANNEL } from './operations/channels';
import { findClustersWithCalls } from './operations/findClustersWithCalls';
import { sweepCalls } from './operations/sweepCalls';

/** The links of this replica, as far as calls have to do with them. */
export interface CalledLinks {
  clusterIds(): string[];
  get(clusterId: string): { nudgeCalls(): void } | undefined;
}

/** Tells sessions that questions wait or have changed, as OutboxNudges does for desired state (S6), and sweeps what is left behind. */
export class CallNudges implements NotificationListener {
  readonly channel = CALLS_CHANNEL;
  readonly #db: Knex;
  readonly #links: CalledLinks;
  readonly #pollMs: number;
  readonly #logger: LoggerService;

  constructor(options: {
    db: Knex;
    links: CalledLinks;
    pollMs: number;
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#links = options.links;
    this.#pollMs = options.pollMs;
    this.#logger = options.logger;
  }

  /** Polls and sweeps until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    await repeat({
      periodMs: this.#pollMs,
      signal,
      run: async () => {
        await sweepCalls(this.#db);
        const held = this.#links.clusterIds();
        if (held.length > 0) {
          this.#nudge(await findClustersWithCalls(this.#db, held));
        }
      },
      failed: error => this.#logger.warn('Could not look for calls', error),
    });
  }

  notified(clusterId: string): void {
    this.#nudge([clusterId]);
  }

  reconnected(): void {
    this.#nudge(this.#links.clusterIds());
  }

  #nudge(clusterIds: readonly string[]): void {
    for (const clusterId of clusterIds) {
      this.#links.get(clusterId)?.nudgeCalls();
    }
  }
}
