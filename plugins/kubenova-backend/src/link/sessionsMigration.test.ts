import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { insertCluster } from './__testUtils__/testDatabase';

const directory = resolvePackagePath(
  '@kubenova/plugin-kubenova-backend',
  'migrations',
);
const MIGRATION = '20261124120000_link_sessions.js';

describe('20261124120000_link_sessions.js', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  it('keeps the keys of operators that have enrolled, there and back, and comments what it adds', async () => {
    const db = await databases.init('POSTGRES_18');
    await migrateToBefore(db);
    const cluster = await insertCluster(db);
    await insertCluster(db); // has no operator yet
    const publicKey = Buffer.alloc(32, 5);
    await db('clusters')
      .where({ id: cluster.id })
      .update({ public_key: publicKey });

    await db.migrate.up({ directory });

    expect(await db('operator_keys')).toEqual([
      expect.objectContaining({
        cluster_id: cluster.id,
        role: 'present',
        public_key: publicKey,
        revoked_at: null,
      }),
    ]);
    expect(await uncommented(db)).toEqual([]);

    await db.migrate.down({ directory });
    expect(
      await db('clusters')
        .whereNotNull('public_key')
        .select('id', 'public_key'),
    ).toEqual([{ id: cluster.id, public_key: publicKey }]);
    await db.migrate.up({ directory });
    expect(await db('operator_keys')).toHaveLength(1);
  }, 60_000);
});

async function migrateToBefore(db: Knex): Promise<void> {
  const [, pending] = await db.migrate.list({ directory });
  const names = pending.map(({ file }: { file: string }) => file);
  expect(names).toContain(MIGRATION);
  for (const _ of names.slice(0, names.indexOf(MIGRATION))) {
    await db.migrate.up({ directory });
  }
}

async function uncommented(db: Knex): Promise<unknown[]> {
  const { rows } = await db.raw(
    `SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name IN ('links', 'operator_keys', 'link_replicas')
       AND col_description(format('%I', table_name)::regclass, ordinal_position) IS NULL`,
  );
  return rows;
}
