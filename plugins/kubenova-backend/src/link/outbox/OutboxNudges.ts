import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { repeat } from '../lease/repeat';
import { NotificationListener } from '../notifications/DatabaseNotifications';
import { findPendingClusters } from './operations/findPendingClusters';
import { DESIRED_STATE_CHANNEL } from './operations/nudge';

/** The links of this replica, as far as nudges have to do with them. */
export interface NudgedLinks {
  clusterIds(): string[];
  get(clusterId: string): { nudge(): void } | undefined;
}

/**
 * Tells sessions that there is desired state to send (S6).
 *
 * Polling is correct by itself: one query a period for all links of this replica. NOTIFY makes it fast; when it was away, all links
 * are nudged.
 */
export class OutboxNudges implements NotificationListener {
  readonly channel = DESIRED_STATE_CHANNEL;
  readonly #db: Knex;
  readonly #links: NudgedLinks;
  readonly #pollMs: number;
  readonly #logger: LoggerService;

  constructor(options: {
    db: Knex;
    links: NudgedLinks;
    pollMs: number;
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#links = options.links;
    this.#pollMs = options.pollMs;
    this.#logger = options.logger;
  }

  /** Polls until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    await repeat({
      periodMs: this.#pollMs,
      signal,
      run: async () => {
        const held = this.#links.clusterIds();
        if (held.length > 0) {
          this.#nudge(await findPendingClusters(this.#db, held));
        }
      },
      failed: error =>
        this.#logger.warn('Could not look for desired state to send', error),
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
      this.#links.get(clusterId)?.nudge();
    }
  }
}
