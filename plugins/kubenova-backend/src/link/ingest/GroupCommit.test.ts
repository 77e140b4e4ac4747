import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { EventHandler } from '../types';
import { OpenTestLink, tenantStatus } from './__testUtils__/openLinks';
import { DatabaseIngest } from './DatabaseIngest';
import { GroupCommit } from './GroupCommit';
import { PoisonLimits } from './PoisonLimits';
import { Projector } from './Projector';

jest.setTimeout(60_000); // for machines that are busy; nothing here waits for time to pass

const endingItsConnection: EventHandler = {
  types: ['tenantStatus'],
  async handle(tx) {
    await tx.raw('SELECT pg_terminate_backend(pg_backend_pid())');
    return [];
  },
};

describe('batches of many sessions', () => {
  const database = useTestDatabase();
  let failing: Set<string>;
  let links: OpenTestLink[];

  beforeAll(async () => {
    await database.db.schema.createTable('committed', table => {
      table.uuid('cluster_id');
      table.text('tenant');
      table.text('transaction_id');
    });
  });

  beforeEach(async () => {
    failing = new Set();
    links = [];
    for (let i = 0; i < 5; i += 1) {
      links.push(await OpenTestLink.open(database.db));
    }
  });

  const projection: EventHandler = {
    types: ['tenantStatus'],
    async handle(tx: Knex.Transaction, events) {
      for (const { cluster, event } of events) {
        if (failing.has(cluster.name)) {
          throw new Error(`${cluster.name} can't be projected`);
        }
        await tx.raw(
          'INSERT INTO committed VALUES (?, ?, pg_current_xact_id()::text)',
          [cluster.id, event.type === 'tenantStatus' ? event.tenant : ''],
        );
      }
      return [];
    },
  };

  function groupCommit(handler = projection): GroupCommit {
    return new GroupCommit({
      ingest: new DatabaseIngest({
        db: database.db,
        projector: new Projector({
          handlers: [handler],
          snapshotListeners: [],
        }),
        limits: new PoisonLimits({ monotonicMs: () => 0 }),
        logger: mockServices.logger.mock(),
      }),
      changes: { changed: () => {} },
    });
  }

  const committedOf = (link: OpenTestLink): Promise<string[]> =>
    database
      .db('committed')
      .where({ cluster_id: link.cluster.id })
      .orderBy('tenant')
      .pluck('tenant');
  const rowOf = (link: OpenTestLink) =>
    database.db('links').where({ cluster_id: link.cluster.id }).first();

  it('that come while a transaction is at work are committed in one', async () => {
    const ingest = groupCommit();

    const outcomes = await Promise.all(
      links.map(link => ingest.commit(link.batch(tenantStatus('a')))),
    );

    expect(outcomes).toEqual(
      links.map(() => ({ outcome: 'committed', ackedSeq: 1n })),
    );
    const transactions = await database
      .db('committed')
      .whereIn(
        'cluster_id',
        links.map(({ cluster }) => cluster.id),
      )
      .distinct('transaction_id');
    // Two transactions begin with the first two batches; the others come together in a third.
    expect(transactions.length).toBeLessThanOrEqual(3);
    expect(await rowOf(links[4])).toMatchObject({ acked_seq: '1' });
  });

  it('are kept apart: one that is fenced is left out, and the others are committed', async () => {
    const [fenced, ...others] = links;
    await database
      .db('links')
      .where({ cluster_id: fenced.cluster.id })
      .update({ epoch: 2 });
    const ingest = groupCommit();

    const outcomes = await Promise.all(
      links.map(link => ingest.commit(link.batch(tenantStatus('a')))),
    );

    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'fenced',
      ...others.map(() => 'committed'),
    ]);
    expect(await committedOf(fenced)).toEqual([]);
    expect(await committedOf(others[0])).toEqual(['a']);
  });

  it('are not held up by one that fails, however often it is tried', async () => {
    const [bad, ...good] = links;
    failing.add(bad.cluster.name);
    const ingest = groupCommit();

    for (let round = 0; round < 3; round += 1) {
      const tried = ingest.commit(bad.batch(tenantStatus('bad')));
      const outcomes = await Promise.all(
        good.map(link => ingest.commit(link.batch(tenantStatus(`${round}`)))),
      );
      await expect(tried).rejects.toThrow("can't be projected");
      expect(outcomes).toEqual(
        good.map(link => ({
          outcome: 'committed',
          ackedSeq: link.ackedSeq + 1n,
        })),
      );
      good.forEach(link => {
        link.ackedSeq += 1n;
      });
    }
    expect(await committedOf(bad)).toEqual([]);
    expect(await rowOf(bad)).toMatchObject({ acked_seq: '0' });
    expect(await committedOf(good[0])).toEqual(['0', '1', '2']);

    failing.clear();
    await ingest.commit(bad.batch(tenantStatus('bad')));
    expect(await committedOf(bad)).toEqual(['bad']);
  });

  it('do not wait for one whose link somebody else has locked', async () => {
    const [locked, ...free] = links;
    const ingest = groupCommit();
    let done: Promise<unknown> = Promise.resolve();

    await database.db.transaction(async tx => {
      await tx('links')
        .where({ cluster_id: locked.cluster.id })
        .forUpdate()
        .first();
      done = ingest.commit(locked.batch(tenantStatus('late')));
      await Promise.all(
        free.map(link => ingest.commit(link.batch(tenantStatus('a')))),
      );
      expect(await committedOf(free[0])).toEqual(['a']);
      expect(await committedOf(locked)).toEqual([]);
    });

    await done;
    expect(await committedOf(locked)).toEqual(['late']);
  });

  it('of one cluster are committed one after the other', async () => {
    const [link] = links;
    const ingest = groupCommit();
    const first = ingest.commit(link.batch(tenantStatus('1')));
    link.ackedSeq = 1n;
    const second = ingest.commit(link.batch(tenantStatus('2')));

    expect(await Promise.all([first, second])).toEqual([
      { outcome: 'committed', ackedSeq: 1n },
      { outcome: 'committed', ackedSeq: 2n },
    ]);
  });

  it('fail at once where the database is away, for every session to try again', async () => {
    const [link] = links;
    await expect(
      groupCommit(endingItsConnection).commit(link.batch(tenantStatus('a'))),
    ).rejects.toThrow(/terminat/);
    expect(await rowOf(link)).toMatchObject({ acked_seq: '0' });

    await groupCommit().commit(link.batch(tenantStatus('a')));
    expect(await committedOf(link)).toEqual(['a']);
  });

  it('tell how late their newest event is, by the clock of the database', async () => {
    const [link] = links;
    await groupCommit().commit(link.batch(tenantStatus('a')));
    const row = await eventually(
      () => rowOf(link),
      ({ event_lag_ms: lag }) => lag !== null,
    );
    expect(Number(row.event_lag_ms)).toBeGreaterThanOrEqual(1_000);
  });
});
