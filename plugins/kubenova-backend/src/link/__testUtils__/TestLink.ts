import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { createLink } from '../createLink';
import { Link } from '../Link';
import { LinkLimits, LinkPeriods, LinkSettings } from '../settings';
import { LinkTelemetry } from '../telemetry';
import {
  ChangedRef,
  EventHandler,
  SessionListener,
  SnapshotListener,
} from '../types';
import { FakeOperatorRegistry } from './FakeOperatorRegistry';
import { ScriptedOperator } from './ScriptedOperator';
import { insertCluster } from './testDatabase';

/** Of every link in tests: replicas of one installation share it. */
export const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');

/** Waits that are long enough for two busy cores, and short enough for tests that wait for them to be over. */
const PERIODS: LinkPeriods = {
  hello: 5_000,
  heartbeat: 100,
  silence: 60_000,
  stale: 60_000,
  sweep: 50,
  poll: 100,
  lease: 60_000,
  database: 60_000,
  contest: 600_000,
  takeover: 20,
  session: 3_600_000,
  balance: 60_000,
  certificates: 60_000,
  drain: 1_000,
  ingestRetry: 20,
};

/** Tests open sessions of one cluster faster than any operator does. */
const LIMITS: Partial<LinkLimits> = {
  enrolmentsPerCluster: { burst: 100_000, perMinute: 100_000 },
  sessionsPerCluster: { burst: 100_000, perMinute: 100_000 },
  refusalsWrittenPerCluster: { burst: 100_000, perMinute: 100_000 },
};

/** A replica of the Manager's side of the link on a real listener and a real database, with the domains replaced. */
export class TestLink {
  readonly link: Link;
  readonly registry: FakeOperatorRegistry;
  readonly changed: ChangedRef[];
  readonly #db: Knex;
  readonly #port: number;
  readonly #operators: ScriptedOperator[] = [];

  static async start(options: {
    db: Knex;
    periods?: Partial<LinkPeriods>;
    limits?: Partial<LinkLimits>;
    /** Files of a certificate. */
    tls?: LinkSettings['tls'];
    handlers?: EventHandler[];
    sessionListeners?: SessionListener[];
    snapshotListeners?: SnapshotListener[];
    registry?: FakeOperatorRegistry;
    telemetry?: LinkTelemetry;
  }): Promise<TestLink> {
    const registry = options.registry ?? new FakeOperatorRegistry();
    const changed: ChangedRef[] = [];
    const link = await createLink({
      config: mockServices.rootConfig({
        data: {
          kubenova: {
            encryptionKey: ENCRYPTION_KEY,
            link: {
              listen: '127.0.0.1:0',
              publicUrl: 'https://manager.example:7443',
              tls: options.tls,
            },
          },
        },
      }),
      logger: mockServices.logger.mock({
        child: () => mockServices.logger.mock(),
      }),
      database: options.db,
      telemetry: options.telemetry,
      periods: { ...PERIODS, ...options.periods },
      limits: { ...LIMITS, ...options.limits },
    });
    const { port } = await link.start({
      registry,
      handlers: options.handlers ?? [],
      sessionListeners: options.sessionListeners ?? [],
      snapshotListeners: options.snapshotListeners ?? [],
      changes: { changed: refs => changed.push(...refs) },
    });
    return new TestLink({ db: options.db, link, registry, changed, port });
  }

  private constructor(options: {
    db: Knex;
    link: Link;
    registry: FakeOperatorRegistry;
    changed: ChangedRef[];
    port: number;
  }) {
    this.link = options.link;
    this.registry = options.registry;
    this.changed = options.changed;
    this.#db = options.db;
    this.#port = options.port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** An operator of a new cluster, which holds a good join token. */
  async newOperator(): Promise<{ operator: ScriptedOperator; token: string }> {
    const cluster = await insertCluster(this.#db);
    const token = randomUUID();
    this.registry.add(cluster, token);
    return { operator: this.operatorOf(cluster), token };
  }

  /** An operator of a new cluster, which has enrolled. */
  async enrolledOperator(): Promise<ScriptedOperator> {
    const { operator, token } = await this.newOperator();
    await operator.enroll(token);
    return operator;
  }

  operatorOf(cluster: ScriptedOperator['cluster']): ScriptedOperator {
    const operator = new ScriptedOperator({
      url: this.url,
      ca: this.link.address.caPem,
      cluster,
    });
    this.#operators.push(operator);
    return operator;
  }

  /** The link's row. */
  async row(operator: ScriptedOperator) {
    return this.#db('links').where({ cluster_id: operator.cluster.id }).first();
  }

  async stop(): Promise<void> {
    this.#operators.forEach(operator => operator.disconnect());
    await this.link.stop();
  }
}
