import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Notification } from 'pg';

const RECONNECT_MS = 5_000;

/** Who wants to hear of a channel. */
export interface NotificationListener {
  /** A lower-case SQL name. */
  readonly channel: string;
  /** A NOTIFY came with this payload. */
  notified(payload: string): void;
  /** The connection is there again, or for the first time: what was notified before is not known. */
  reconnected(): void;
}

/**
 * Listens to NOTIFY for all who want it, on one connection beside the pool: a pooler that hands connections on loses the LISTEN (S6).
 *
 * A notification is a nudge and never data. While the connection is away they are lost, and listeners are told when it is back.
 */
export class DatabaseNotifications {
  readonly #db: Knex;
  readonly #listeners: readonly NotificationListener[];
  readonly #logger: LoggerService;

  constructor(options: {
    db: Knex;
    listeners: readonly NotificationListener[];
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#listeners = options.listeners;
    this.#logger = options.logger;
  }

  /** Runs until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#listen(signal);
      } catch (error) {
        this.#logger.warn(
          'Nudges are lost until the connection for them is back; what they tell of happens a little later',
          toError(error),
        );
        await sleep(RECONNECT_MS, undefined, { signal }).catch(() => {}); // the loop sees the signal
      }
    }
  }

  /** Returns when the signal fires, throws when the connection breaks. */
  async #listen(signal: AbortSignal): Promise<void> {
    const client: Client = await this.#db.client.acquireRawConnection();
    try {
      const over = new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        client.on('error', reject);
        client.on('end', () => reject(new Error('The connection was closed')));
      });
      client.on('notification', notification => this.#notified(notification));
      const channels = this.#listeners.map(({ channel }) => channel);
      await Promise.race([
        over,
        client.query(channels.map(channel => `LISTEN ${channel}`).join('; ')),
      ]);
      this.#listeners.forEach(listener => listener.reconnected());
      if (!signal.aborted) {
        await over;
      }
    } finally {
      await this.#db.client.destroyRawConnection(client);
    }
  }

  #notified({ channel, payload = '' }: Notification): void {
    this.#listeners
      .filter(listener => listener.channel === channel)
      .forEach(listener => listener.notified(payload));
  }
}
