import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import request from 'supertest';
import { useTestDatabase } from '../link/__testUtils__/testDatabase';
import { kubenovaPlugin } from '../plugin';

type Backend = Awaited<ReturnType<typeof startTestBackend>>;

const TABLES = [
  'usage_records',
  'idempotency_keys',
  'deployments',
  'applications',
  'placements',
  'tenants',
  'clusters',
  'users',
];

/**
 * The whole plugin on a real Postgres, with its link on a free port, for the tests of one file. Each test begins without clusters,
 * tenants and applications.
 */
export function useTestManager() {
  let backend: Backend | undefined;
  let linkUrl = '';
  // Hooks of this kind run in the order in which they are given: the Manager stops before its database goes.
  afterAll(async () => {
    await backend?.stop();
  }, 30_000);
  const database = useTestDatabase();

  beforeAll(async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    linkUrl = `https://${listen}`;
    backend = await startTestBackend({
      features: [
        kubenovaPlugin,
        databaseOf(database.db),
        mockServices.rootConfig.factory({
          data: {
            backend: { baseUrl: 'http://localhost:0' },
            kubenova: {
              encryptionKey: randomBytes(32).toString('base64'),
              link: { listen },
            },
          },
        }),
      ],
    });
  }, 60_000);

  afterEach(async () => {
    for (const table of TABLES) {
      await database.db(table).delete();
    }
  });

  const call = (
    method: 'get' | 'post' | 'put' | 'delete',
    path: string,
    options: { user?: string; headers?: Record<string, string> } = {},
  ) => {
    if (!backend) {
      throw new Error('The Manager is there in tests and hooks only');
    }
    return request(backend.server)
      [method](`/api/kubenova${path}`)
      .set(
        'Authorization',
        mockCredentials.user.header(options.user ?? 'user:default/ada'),
      )
      .set(options.headers ?? {});
  };

  return {
    get db() {
      return database.db;
    },
    /** Where operators reach it. */
    get linkUrl() {
      return linkUrl;
    },
    get: (path: string, options?: Parameters<typeof call>[2]) =>
      call('get', path, options),
    delete: (path: string, options?: Parameters<typeof call>[2]) =>
      call('delete', path, options),
    post: (path: string, body: object, options?: Parameters<typeof call>[2]) =>
      call('post', path, options).send(body),
    put: (path: string, body: object, options?: Parameters<typeof call>[2]) =>
      call('put', path, options).send(body),
    /** Everything that a refused request must leave as it was. */
    async state() {
      const rows = await Promise.all(
        [...TABLES, 'desired_states', 'application_revisions']
          .filter(table => table !== 'users')
          .map(async table => [table, await database.db(table).select()]),
      );
      return Object.fromEntries(rows);
    },
  };
}

function databaseOf(db: Knex) {
  return createServiceFactory({
    service: coreServices.database,
    deps: {},
    factory: () => ({ getClient: async () => db }),
  });
}

/** A port that nobody has now. The link's address is written into manifests, so it can't be left to the listener to choose. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve()),
  );
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
