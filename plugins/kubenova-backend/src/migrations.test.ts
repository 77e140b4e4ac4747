import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';

const directory = resolvePackagePath(
  '@kubenova/plugin-kubenova-backend',
  'migrations',
);

describe('migrations of the domains', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  it.each([
    ['20261124100000_clusters.js', ['clusters', 'join_tokens']],
    ['20261124100100_tenants.js', ['placements', 'tenants']],
    ['20261124100200_users.js', ['users']],
    [
      '20261124100300_applications.js',
      ['application_revisions', 'applications', 'deployments'],
    ],
    ['20261124100400_usage.js', ['usage_records']],
    ['20261124100500_idempotency_keys.js', ['idempotency_keys']],
  ])(
    '%s makes its tables, comments them and every column, and takes them away again',
    async (migration, tables) => {
      const db = await databases.init('POSTGRES_18');
      await migrateToBefore(db, migration);
      expect(await existing(db, tables)).toEqual([]);

      await db.migrate.up({ directory });
      expect(await existing(db, tables)).toEqual(tables);
      expect(await withoutComment(db, tables)).toEqual([]);

      await db.migrate.down({ directory });
      expect(await existing(db, tables)).toEqual([]);
      await db.migrate.up({ directory });
      expect(await existing(db, tables)).toEqual(tables);
    },
    60_000,
  );
});

async function migrateToBefore(db: Knex, migration: string): Promise<void> {
  const [, pending] = await db.migrate.list({ directory });
  const names = pending.map(({ file }: { file: string }) => file);
  expect(names).toContain(migration);
  for (const name of names.slice(0, names.indexOf(migration))) {
    const [, [applied]] = await db.migrate.up({ directory });
    expect(applied).toContain(name);
  }
}

async function existing(db: Knex, tables: string[]): Promise<string[]> {
  return db('information_schema.tables')
    .where({ table_schema: 'public' })
    .whereIn('table_name', tables)
    .orderBy('table_name')
    .pluck('table_name');
}

async function withoutComment(db: Knex, tables: string[]) {
  const { rows } = await db.raw(
    `SELECT c.relname AS table, a.attname AS column
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum >= 0 AND NOT a.attisdropped
     WHERE c.relname = ANY(?) AND col_description(c.oid, a.attnum) IS NULL
     UNION ALL
     SELECT c.relname, NULL FROM pg_class c WHERE c.relname = ANY(?) AND obj_description(c.oid) IS NULL`,
    [tables, tables],
  );
  return rows;
}
