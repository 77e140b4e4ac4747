import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';

const directory = resolvePackagePath(
  '@kubenova/plugin-kubenova-backend',
  'migrations',
);
const TABLES = ['desired_states', 'installation', 'links', 'parked_events'];

describe('20261124110000_link.js', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  it('makes the tables of the link, comments every one and every column, and takes them away again', async () => {
    const db = await databases.init('POSTGRES_18');
    const tables = () =>
      db('information_schema.tables')
        .where({ table_schema: 'public' })
        .whereIn('table_name', TABLES)
        .orderBy('table_name')
        .pluck('table_name');
    for (;;) {
      const [, applied] = await db.migrate.up({ directory });
      if (applied[0].endsWith('20261124110000_link.js')) {
        break;
      }
      expect(await tables()).toEqual([]);
    }

    expect(await tables()).toEqual(TABLES);
    const { rows: uncommented } = await db.raw(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = ANY(?)
         AND col_description(format('%I', table_name)::regclass, ordinal_position) IS NULL`,
      [TABLES],
    );
    expect(uncommented).toEqual([]);
    await expect(
      db('installation').insert({
        singleton: false,
        id: '00000000-0000-0000-0000-000000000000',
      }),
    ).rejects.toThrow('installation_one_row');

    await db.migrate.down({ directory });
    expect(await tables()).toEqual([]);
    await db.migrate.up({ directory });
    expect(await tables()).toEqual(TABLES);
  }, 60_000);
});
