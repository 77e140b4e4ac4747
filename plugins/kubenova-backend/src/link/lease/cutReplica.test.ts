import { mockServices } from '@backstage/backend-test-utils';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { eventually } from '../__testUtils__/eventually';
import { PostgresProxy } from '../__testUtils__/PostgresProxy';
import { insertCluster, useTestDatabase } from '../__testUtils__/testDatabase';
import { TestLink } from '../__testUtils__/TestLink';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { DEFAULT_PERIODS } from '../settings';
import { ChangedRef } from '../types';
import { breakSilentConnections } from './breakSilentConnections';
import { StaleSweeper } from './StaleSweeper';

const PERIODS = { lease: 1_000, database: 1_500, stale: 3_600_000 };

describe('a replica that is cut from Postgres alone', () => {
  const database = useTestDatabase();
  let proxy: PostgresProxy;
  let cut: TestLink;

  beforeEach(async () => {
    proxy = await PostgresProxy.start(database.db);
    cut = await TestLink.start({ db: proxy.db, periods: PERIODS });
  });
  afterEach(async () => {
    proxy.thaw();
    await cut.stop();
    await proxy.stop();
  });
  const links = useTestLinks(database); // below, so that it looks for leaks after the hooks above

  it('ends its sessions, is not ready, and leaves its operators to others (S3)', async () => {
    const other = await links.start({ registry: cut.registry });
    const operator = await cut.enrolledOperator();
    const { session } = await operator.connect();
    const elsewhere = other.operatorOf(operator.cluster);
    elsewhere.useKeyOf(operator);
    elsewhere.processInstance = operator.processInstance;
    elsewhere.incarnation = operator.incarnation;

    proxy.freeze();

    expect((await session.ended())?.rawMessage).toContain(
      'does not reach its database',
    );
    expect(await operator.health()).toBe('NOT_SERVING');
    const { welcome } = await elsewhere.connect();
    expect(welcome.epoch).toBe(2n);
    expect(await other.row(operator)).toMatchObject({
      open: true,
      stale: false,
    });
  });

  it('comes back by itself, though connections from before never answer', async () => {
    const operator = await cut.enrolledOperator();
    const { session } = await operator.connect();
    proxy.freeze();
    await session.ended();

    proxy.thaw();

    await eventually(
      () => operator.health(),
      health => health === 'SERVING',
    );
    expect((await operator.connect()).welcome.epoch).toBe(2n);
  });

  it('has nobody shown as stale who was silent only because it was away itself (S2)', async () => {
    const changed: ChangedRef[] = [];
    const cluster = await insertCluster(database.db);
    const away = await PostgresProxy.start(database.db);
    const unwatch = breakSilentConnections(away.db, 1_500);
    const sweeper = new StaleSweeper({
      db: away.db,
      clock: {
        monotonicMs: () => performance.now(),
        randomBytes: () => new Uint8Array(),
        createUuid: randomUUID,
      },
      periods: { ...DEFAULT_PERIODS, silence: 1_000 },
      changes: { changed: refs => changed.push(...refs) },
      logger: mockServices.logger.mock(),
    });
    await sweeper.sweep();
    away.freeze();
    await expect(sweeper.sweep()).rejects.toThrow('has not answered');
    await database.db('links').insert({
      cluster_id: cluster.id,
      last_seen_at: database.db.raw("clock_timestamp() - interval '1 minute'"),
    });
    away.thaw();

    await sweeper.sweep();
    expect(changed).toEqual([]);

    await sweeper.sweep();
    expect(changed).toContainEqual({
      kind: 'cluster',
      name: cluster.name,
    });
    unwatch();
    await away.stop();
  });
});
