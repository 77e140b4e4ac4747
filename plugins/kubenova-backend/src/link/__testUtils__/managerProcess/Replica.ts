import { LoggerService } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { DatabaseJoinTokenStore } from '../../../clusters/DatabaseJoinTokenStore';
import { DatabaseOperatorKeyStore } from '../../../clusters/DatabaseOperatorKeyStore';
import { JoiningOperators } from '../../../clusters/JoiningOperators';
import { DatabaseUsageStore } from '../../../usage/DatabaseUsageStore';
import { UsageProjection } from '../../../usage/projection';
import { BehindDecisions } from '../../behind/BehindDecisions';
import { createLink } from '../../createLink';
import { ParkedEvents } from '../../ingest/ParkedEvents';
import { Link, LinkDomains } from '../../Link';
import { Ledger, PoisonHandler } from './Ledger';
import { Order, ReplicaOptions } from './protocol';

/** Everything goes ten times as fast in a harness as in earnest, and all operators have one address. */
const GENEROUS = { burst: 100_000, perMinute: 100_000 };
const SILENT = { changed: () => {} };
const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');

/** The real link with the real registry of operators and the real projection of usage; the ledger stands for the other domains. */
export class Replica {
  readonly #database: Knex;
  /** Its connections say in the ledger that an administrator writes. */
  readonly #administration: Knex;
  readonly #link: Link;
  readonly #poison: boolean;
  readonly #hasLedger: boolean;

  static async create(
    options: ReplicaOptions & {
      database: Knex;
      administration: Knex;
      logger: LoggerService;
    },
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
    const link = await createLink({
      config,
      logger,
      database,
      periods,
      limits: {
        sessionsPerCluster: GENEROUS,
        sessionsPerAddress: GENEROUS,
        enrolmentsPerCluster: GENEROUS,
        enrolmentsPerAddress: GENEROUS,
      },
    });
    return new Replica({ ...options, link });
  }

  private constructor(options: {
    database: Knex;
    administration: Knex;
    link: Link;
    poison: boolean;
    hasLedger: boolean;
  }) {
    this.#database = options.database;
    this.#administration = options.administration;
    this.#link = options.link;
    this.#poison = options.poison;
    this.#hasLedger = options.hasLedger;
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
    if ('adopt' in order) {
      return this.#decisions().decide(order.adopt, {
        decision: 'adopt',
        actor: 'user:default/harness',
      });
    }
    if ('replay' in order) {
      return this.#parkedEvents().replay(order.replay);
    }
    globalThis.gc?.();
    return {
      ...process.memoryUsage(),
      resources: process.getActiveResourcesInfo(),
    };
  }

  #decisions(): BehindDecisions {
    return new BehindDecisions({
      database: this.#administration,
      changes: SILENT,
      clock: () => DateTime.utc(),
      // The ledger has no rows of what is wanted: the desired states themselves are.
      adopters: [
        {
          adopts: () => true,
          refusal: async () => undefined,
          adopt: async () => [],
        },
      ],
    });
  }

  #parkedEvents(): ParkedEvents {
    return new ParkedEvents({
      database: this.#administration,
      changes: SILENT,
      handlers: this.#domains().handlers,
    });
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
        ...(this.#hasLedger ? [ledger] : []),
        new UsageProjection({ store: new DatabaseUsageStore() }),
      ],
      snapshotListeners: this.#hasLedger ? [ledger] : [],
      sessionListeners: [],
      changes: SILENT,
    };
  }
}
