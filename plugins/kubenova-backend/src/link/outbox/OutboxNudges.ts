import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Notification } from 'pg';
import { repeat } from '../lease/repeat';
import { findPendingClusters } from './operations/findPendingClusters';
import { DESIRED_STATE_CHANNEL } from './operations/writeDesiredState';

const RECONNECT_MS = 5_000;

/** The links of this replica, as far as nudges have to do with them. */
export interface NudgedLinks {
  clusterIds(): string[];
  get(clusterId: string): { nudge(): void } | undefined;
}

/**
 * Tells sessions that there is desired state to send (S6).
 *
 * Polling is correct by itself: one query a period for all links of this replica. NOTIFY makes it fast. It is listened to on a connection
 * beside the pool, because a pooler that hands connections on loses the LISTEN. While that connection is away, nudges are lost;
 * when it is back, all links are nudged.
 */
export class OutboxNudges {
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

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#poll(signal), this.#listen(signal)]);
  }

  async #poll(signal: AbortSignal): Promise<void> {
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

  async #listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#listenOnce(signal);
      } catch (error) {
        this.#logger.warn(
          'Nudges are lost until the connection for them is back; desired state is sent a little later',
          toError(error),
        );
        await sleep(RECONNECT_MS, undefined, { signal }).catch(() => {}); // the loop sees the signal
      }
    }
  }

  /** Returns when the signal fires, throws when the connection breaks. */
  async #listenOnce(signal: AbortSignal): Promise<void> {
    const client: Client = await this.#db.client.acquireRawConnection();
    try {
      const over = new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        client.on('error', reject);
        client.on('end', () => reject(new Error('The connection was closed')));
      });
      client.on('notification', ({ payload }: Notification) =>
        this.#nudge(payload ? [payload] : []),
      );
      await Promise.race([
        over,
        client.query(`LISTEN ${DESIRED_STATE_CHANNEL}`),
      ]);
      this.#nudge(this.#links.clusterIds());
      if (!signal.aborted) {
        await over;
      }
    } finally {
      await this.#db.client.destroyRawConnection(client);
    }
  }

  #nudge(clusterIds: readonly string[]): void {
    for (const clusterId of clusterIds) {
      this.#links.get(clusterId)?.nudge();
    }
  }
}
