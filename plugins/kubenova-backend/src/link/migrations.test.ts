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

describe('20261124120200_link_behind.js', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const NAME = '20261124120200_link_behind.js';
  const COLUMNS = [
    'behind_keys.key',
    'links.lost_after',
    'links.snapshot_wanted',
    'desired_states.next_uid',
    'desired_states.next_yaml',
  ];

  it('adds what a Manager that lost its past needs, comments it, and takes it away again', async () => {
    const db = await databases.init('POSTGRES_18');
    const existing = async () => {
      const { rows } = await db.raw(
        `SELECT table_name || '.' || column_name AS name,
           col_description(format('%I', table_name)::regclass, ordinal_position) AS comment
         FROM information_schema.columns
         WHERE table_schema = 'public' AND (table_name || '.' || column_name = ANY(?) OR table_name = 'behind_keys')`,
        [COLUMNS],
      );
      return rows as Array<{ name: string; comment: string | null }>;
    };
    const updateRule = async () => {
      const { rows } = await db.raw(
        `SELECT confupdtype FROM pg_constraint WHERE conrelid = 'deployments'::regclass AND confrelid = 'placements'::regclass`,
      );
      return rows;
    };
    const [, pending] = await db.migrate.list({ directory });
    const names = pending.map(({ file }: { file: string }) => file);
    for (const _ of names.slice(0, names.indexOf(NAME))) {
      await db.migrate.up({ directory });
    }
    expect(await existing()).toEqual([]);
    expect(await updateRule()).toEqual([{ confupdtype: 'a' }]);

    const [, [applied]] = await db.migrate.up({ directory });
    expect(applied).toContain(NAME);
    const columns = await existing();
    expect(columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(COLUMNS),
    );
    expect(columns.filter(({ comment }) => !comment)).toEqual([]);
    expect(await updateRule()).toEqual([{ confupdtype: 'c' }]);

    await db.migrate.down({ directory });
    expect(await existing()).toEqual([]);
    expect(await updateRule()).toEqual([{ confupdtype: 'a' }]);
  }, 60_000);
});
