import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';

const MIGRATIONS = resolvePackagePath(
  '@kubenova/plugin-kubenova-backend',
  'migrations',
);

/**
 * A migrated database on a real Postgres for the tests of one file. Where there is no Postgres it fails and says what is missing.
 */
export function useTestDatabase(): { readonly db: Knex } {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let db: Knex | undefined;
  beforeAll(async () => {
    db = await databases.init('POSTGRES_18');
    await db.migrate.latest({ directory: MIGRATIONS });
  }, 60_000);
  return {
    get db() {
      if (!db) {
        throw new Error('The database is there in tests and hooks only');
      }
      return db;
    },
  };
}

/** A cluster as the clusters domain makes it, as far as the link needs it. */
export interface TestCluster {
  id: string;
  name: string;
  novaClusterId: string;
}

export async function insertCluster(db: Knex): Promise<TestCluster> {
  const cluster = {
    id: randomUUID(),
    name: `c-${randomUUID().slice(0, 8)}`,
    novaClusterId: randomUUID(),
  };
  await db('clusters').insert({
    id: cluster.id,
    nova_cluster_id: cluster.novaClusterId,
    name: cluster.name,
    datacenter: 'test',
    status: 'pending_bootstrap',
    config: '{}',
    created_at: db.fn.now(),
    updated_at: db.fn.now(),
  });
  return cluster;
}
