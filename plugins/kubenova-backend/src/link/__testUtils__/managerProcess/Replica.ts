import { LoggerService } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { DatabaseJoinTokenStore } from '../../../clusters/DatabaseJoinTokenStore';
import { DatabaseOperatorKeyStore } from '../../../clusters/DatabaseOperatorKeyStore';
import { JoiningOperators } from '../../../clusters/JoiningOperators';
import { DatabaseUsageStore } from '../../../usage/DatabaseUsageStore';
import { UsageProjection } from '../../../usage/projection';
import { createLink } from '../../createLink';
import { Link, LinkDomains } from '../../Link';
import { Ledger, PoisonHandler } from './Ledger';
import { Order, ReplicaOptions } from './protocol';

const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');

/** The real link with the real registry of operators and the real projection of usage; the ledger stands for the other domains. */
export class Replica {
  readonly #database: Knex;
  readonly #link: Link;
  readonly #poison: boolean;

  static async create(
    options: ReplicaOptions & { database: Knex; logger: LoggerService },
  ): Promise<Replica> {
    const { database, logger, periods } = options;
    const config = new ConfigReader({
      kubenova: {
        encryptionKey: ENCRYPTION_KEY,
        link: {
          listen: `127.0.0.1:${options.port}`,
          publicUrl: options.publicUrl,
        },
      },
    });
    const link = await createLink({ config, logger, database, periods });
    return new Replica({ database, link, poison: options.poison });
  }

  private constructor(options: {
    database: Knex;
    link: Link;
    poison: boolean;
  }) {
    this.#database = options.database;
    this.#link = options.link;
    this.#poison = options.poison;
  }

  get address() {
    return this.#link.address;
  }

  async start(): Promise<void> {
    await this.#link.start(this.#domains());
  }

  async stop(): Promise<void> {
    await this.#link.stop();
  }

  async obey(
    order: Exclude<Order, { clockOffsetMs: number }>,
  ): Promise<unknown> {
    if ('put' in order) {
      return this.#database.transaction(tx =>
        this.#link.outbox.put(tx, order.put),
      );
    }
    if ('remove' in order) {
      return this.#database.transaction(tx =>
        this.#link.outbox.remove(tx, order.remove),
      );
    }
    globalThis.gc?.();
    return {
      ...process.memoryUsage(),
      resources: process.getActiveResourcesInfo(),
    };
  }

  #domains(): LinkDomains {
    const registry = new JoiningOperators({
      address: this.#link.address,
      clock: () => DateTime.utc(),
      database: this.#database,
      fence: this.#link.fence,
      manifestTemplate: '',
      keys: new DatabaseOperatorKeyStore(),
      store: new DatabaseJoinTokenStore(),
    });
    const ledger = new Ledger();
    return {
      registry,
      handlers: [
        ...(this.#poison ? [new PoisonHandler()] : []),
        ledger,
        new UsageProjection({ store: new DatabaseUsageStore() }),
      ],
      snapshotListeners: [ledger],
      sessionListeners: [],
      changes: { changed: () => {} },
    };
  }
}
