import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';

const directory = resolvePackagePath(
  '@kubenova/plugin-kubenova-backend',
  'migrations',
);
const MIGRATION = '20261124120300_link_calls.js';
const TABLES = ['call_chunks', 'calls', 'link_errors'];

describe('20261124120300_link_calls.js', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  it('makes its tables, comments every one and every column, and takes them away again', async () => {
    const db = await databases.init('POSTGRES_18');
    const tables = () =>
      db('information_schema.tables')
        .where({ table_schema: 'public' })
        .whereIn('table_name', TABLES)
        .orderBy('table_name')
        .pluck('table_name');
    for (;;) {
      const [, [applied]] = await db.migrate.up({ directory });
      if (applied.endsWith(MIGRATION)) {
        break;
      }
      expect(await tables()).toEqual([]);
    }

    expect(await tables()).toEqual(TABLES);
    const { rows: uncommented } = await db.raw(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = ANY(?)
         AND (col_description(format('%I', table_name)::regclass, ordinal_position) IS NULL
           OR obj_description(format('%I', table_name)::regclass) IS NULL)`,
      [TABLES],
    );
    expect(uncommented).toEqual([]);

    await db.migrate.down({ directory });
    expect(await tables()).toEqual([]);
    await db.migrate.up({ directory });
    expect(await tables()).toEqual(TABLES);
  }, 60_000);
});
