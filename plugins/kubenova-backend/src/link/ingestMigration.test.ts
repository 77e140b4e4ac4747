import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';

const directory = resolvePackagePath(
  '@kubenova/plugin-kubenova-backend',
  'migrations',
);
const MIGRATION = '20261124120100_link_ingest.js';
const COLUMNS = [
  'clusters.apply_position',
  'clusters.not_observed_at',
  'clusters.status_position',
  'deployments.apply_position',
  'deployments.not_observed_at',
  'deployments.status_position',
  'desired_states.result_position',
  'links.event_lag_ms',
  'links.poison_halted_at',
  'links.snapshot_id',
  'links.snapshot_position',
  'parked_events.epoch',
  'parked_events.observed_at',
  'placements.apply_position',
  'placements.not_observed_at',
  'placements.status_position',
];
const TABLES = ['lifecycle_records', 'link_gaps'];

describe('20261124120100_link_ingest.js', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  it('makes its tables and columns, comments them, and takes them away again', async () => {
    const db = await databases.init('POSTGRES_18');
    const found = async () => {
      const { rows } = await db.raw<{
        rows: Array<{ column: string; comment: string | null }>;
      }>(
        `SELECT table_name || '.' || column_name AS column,
                col_description(format('%I', table_name)::regclass, ordinal_position) AS comment
         FROM information_schema.columns
         WHERE table_schema = 'public'
           AND (table_name = ANY(:tables) OR table_name || '.' || column_name = ANY(:columns))
         ORDER BY 1`,
        { tables: TABLES, columns: COLUMNS },
      );
      return rows;
    };
    for (;;) {
      const [, applied] = await db.migrate.up({ directory });
      if (applied[0].endsWith(MIGRATION)) {
        break;
      }
      expect(await found()).toEqual([]);
    }

    const made = await found();
    expect(made.map(({ column }) => column)).toEqual(
      expect.arrayContaining([
        ...COLUMNS,
        'lifecycle_records.step',
        'link_gaps.dropped',
      ]),
    );
    expect(made.filter(({ comment }) => !comment)).toEqual([]);

    await db.migrate.down({ directory });
    expect(await found()).toEqual([]);
    await db.migrate.up({ directory });
    expect(await found()).toEqual(made);
  }, 60_000);
});
