import { mockServices } from '@backstage/backend-test-utils';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { randomUUID } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { insertCluster, useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { DEFAULT_PERIODS } from '../settings';
import { ChangedRef } from '../types';
import { DatabaseLinkStates } from './DatabaseLinkStates';
import { fenceLink } from './operations/fenceLink';
import { StaleSweeper } from './StaleSweeper';

describe('the lease of a link', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  it('shows a cluster as stale when its operator is silent, and no longer when it is back', async () => {
    const link = await links.start({ periods: { stale: 300 } });
    const states = new DatabaseLinkStates();
    const operator = await link.enrolledOperator();
    const find = async () =>
      (await states.find(database.db, [operator.cluster.id]))[0];
    expect(await find()).toBeUndefined();

    const { session } = await operator.connect();
    expect(await find()).toMatchObject({ stale: false });
    session.send({ case: 'bye', value: { reason: 'for the test' } });
    await session.ended();
    link.changed.length = 0;

    const stale = await eventually(find, state => state.stale);
    expect(stale.lastSeenAt?.diffNow().as('seconds')).toBeGreaterThan(-10);
    expect(link.changed).toContainEqual({
      kind: 'cluster',
      name: operator.cluster.name,
    });

    await operator.connect();
    expect(await find()).toMatchObject({ stale: false });
  });

  it('keeps a cluster fresh whose operator only sends heartbeats', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    const opened = await link.row(operator);

    session.send({ case: 'heartbeat', value: {} });

    const heard = await eventually(
      () => link.row(operator),
      row => row.last_seen_at > opened.last_seen_at,
    );
    expect(heard).toMatchObject({ epoch: '1', stale: false });
  });

  it('ends a session under which the database was restored', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    operator.sendEvents(session, [
      {
        key: 'status/tenants/acme',
        body: {
          case: 'tenantStatus',
          value: { tenant: 'acme', uid: randomUUID(), phase: 'Ready' },
        },
      },
    ]);
    await session.receive('eventAck');

    // To a moment at which this session was open, and had acknowledged nothing yet.
    await database
      .db('links')
      .where({ cluster_id: operator.cluster.id })
      .update({ acked_seq: 0 });

    expect(await session.ended()).toMatchObject({ code: Code.Aborted });
    const { welcome } = await operator.connect();
    expect(welcome.ackedSeq).toBe(0n);
  });

  it('marks nobody stale after the sweep itself was away', async () => {
    const clock = { nowMs: 0 };
    const changed: ChangedRef[] = [];
    const sweeper = new StaleSweeper({
      db: database.db,
      clock: {
        monotonicMs: () => clock.nowMs,
        randomBytes: () => new Uint8Array(),
        createUuid: randomUUID,
      },
      periods: DEFAULT_PERIODS,
      changes: { changed: refs => changed.push(...refs) },
      logger: mockServices.logger.mock(),
    });
    const cluster = await insertCluster(database.db);
    await database.db('links').insert({
      cluster_id: cluster.id,
      epoch: 1,
      last_seen_at: database.db.raw("clock_timestamp() - interval '1 minute'"),
    });

    await sweeper.sweep(); // the first one
    clock.nowMs += 16_000;
    await sweeper.sweep(); // the last one is too long ago
    expect(changed).toEqual([]);

    clock.nowMs += 5_000;
    await sweeper.sweep();
    expect(changed).toEqual([{ kind: 'cluster', name: cluster.name }]);

    clock.nowMs += 5_000;
    await sweeper.sweep();
    expect(changed).toHaveLength(1);
  });

  it('tells once two operators have not taken it from each other for long enough (S1)', async () => {
    const cluster = await insertCluster(database.db);
    await database.db('links').insert({
      cluster_id: cluster.id,
      contested_at: database.db.raw(
        "clock_timestamp() - interval '11 minutes'",
      ),
    });
    const states = new DatabaseLinkStates();
    const find = async () =>
      (await states.find(database.db, [cluster.id]))[0].contested;
    expect(await find()).toBe(true);

    const link = await links.start();

    await eventually(find, contested => !contested);
    await eventually(
      () => link.changed,
      changed =>
        changed.some(ref => 'name' in ref && ref.name === cluster.name),
    );
  });

  it('counts an operator as heard now, of whom the database says that it was heard later', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    await operator.connect();
    await database
      .db('links')
      .where({ cluster_id: operator.cluster.id })
      .update({
        last_seen_at: database.db.raw("clock_timestamp() + interval '1 hour'"),
      });
    const aheadMs = async () => {
      const { rows } = await database.db.raw(
        'SELECT extract(epoch FROM last_seen_at - clock_timestamp())::float8 AS s FROM links WHERE cluster_id = ?',
        [operator.cluster.id],
      );
      return rows[0].s;
    };

    expect(await eventually(aheadMs, ahead => ahead <= 0)).toBeLessThanOrEqual(
      0,
    );
  });

  it('writes how full the journals of its operators are', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    const oldestAt = new Date('2026-11-24T11:00:00.000Z');

    session.send({
      case: 'heartbeat',
      value: {
        journal: {
          depth: 3n,
          oldestAt: timestampFromDate(oldestAt),
          bytes: 900n,
          budgetBytes: 2n ** 64n - 1n,
        },
      },
    });

    await eventually(
      () => link.row(operator),
      row => row.journal_depth === '3',
    );
    expect(await link.row(operator)).toMatchObject({
      journal_oldest_at: oldestAt,
      journal_bytes: '900',
      journal_budget_bytes: String(Number.MAX_SAFE_INTEGER),
    });
  });

  it('ends the session whose link was fenced, and leaves the row alone', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    await database.db.transaction(tx =>
      fenceLink(tx, operator.cluster.id, 'the key was replaced'),
    );

    await session.ended();
    expect(await link.row(operator)).toMatchObject({
      epoch: '2',
      close_reason: 'the key was replaced',
    });
  });

  it('gives its sessions up where renewals do not commit', async () => {
    const link = await links.start({ periods: { lease: 400 } });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    const locked = await database.db.transaction();
    await locked.raw('LOCK TABLE links IN ACCESS EXCLUSIVE MODE');

    const ended = await session.ended();

    expect(ended?.rawMessage).toContain('does not reach its database');
    expect(await operator.health()).toBe('NOT_SERVING');
    await locked.rollback();
    await eventually(
      () => operator.health(),
      health => health === 'SERVING',
    );
  });
});
