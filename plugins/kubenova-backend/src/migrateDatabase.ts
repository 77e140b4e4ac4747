import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** Any number that nothing else in this database locks. */
const MIGRATIONS_LOCK = 7_443_001;

/**
 * Brings the Manager's tables to this release. Replicas may do it at the same moment.
 *
 * Knex by itself refuses where another process migrates, which ends a replica that only starts at the same time; and its lock, a
 * row, outlives a process that dies while it migrates. So all of it is one transaction, under a lock of Postgres that ends with it.
 */
export async function migrateDatabase(database: Knex): Promise<void> {
  const directory = resolvePackagePath(
    '@kubenova/plugin-kubenova-backend',
    'migrations',
  );
  await database.transaction(async tx => {
    await tx.raw('SELECT pg_advisory_xact_lock(?)', [MIGRATIONS_LOCK]);
    await tx.migrate.latest({ directory });
  });
}
