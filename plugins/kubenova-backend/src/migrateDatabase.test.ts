import { TestDatabases } from '@backstage/backend-test-utils';
import knexFactory, { type Knex } from 'knex';
import { migrateDatabase } from './migrateDatabase';

describe('migrateDatabase', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const replicas: Knex[] = [];
  afterAll(() => Promise.all(replicas.map(each => each.destroy())));

  it('lets replicas that start at the same moment in an empty database wait for one another', async () => {
    const db = await databases.init('POSTGRES_18');
    // Each with a pool of its own, as processes have.
    replicas.push(
      ...Array.from({ length: 4 }, () => knexFactory(db.client.config)),
    );
    await Promise.all(replicas.map(migrateDatabase));
    expect(await db.schema.hasTable('links')).toBe(true);
    expect(await db('knex_migrations_lock')).toMatchObject([{ is_locked: 0 }]);
    await migrateDatabase(db);
  }, 60_000);
});
