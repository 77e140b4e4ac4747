import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { reportReplica } from './operations/reportReplica';
import { excessSessions } from './SessionBalancer';

describe('excessSessions', () => {
  it.each([
    ['alone', { mine: 500, peers: 0, sessionsOfPeers: 0 }, 0],
    ['with the others', { mine: 100, peers: 2, sessionsOfPeers: 200 }, 0],
    ['a little above them', { mine: 119, peers: 1, sessionsOfPeers: 81 }, 0],
    ['above them', { mine: 125, peers: 1, sessionsOfPeers: 75 }, 12],
    ['beside a new one', { mine: 1_000, peers: 1, sessionsOfPeers: 0 }, 100],
    [
      'with the last one too many',
      { mine: 6, peers: 1, sessionsOfPeers: 3 },
      1,
    ],
    ['with the only one', { mine: 1, peers: 1, sessionsOfPeers: 0 }, 0],
    ['with none', { mine: 0, peers: 3, sessionsOfPeers: 30 }, 0],
  ])('of a replica %s', (_, counts, excess) => {
    expect(excessSessions(counts)).toBe(excess);
  });
});

describe('the balance of sessions', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);
  const replicas = () => database.db('link_replicas').orderBy('replica');

  it('tells how many sessions a replica has, and takes it out when it stops', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    await operator.connect();
    const [row] = await eventually(
      replicas,
      rows => rows.length === 1 && rows[0].sessions === 1,
    );
    expect(row.replica).toBe((await link.row(operator)).replica);

    await link.stop();

    expect(await replicas()).toEqual([]);
  });

  it('has a replica with more than the others ask operators to dial again, which do so on new connections', async () => {
    const link = await links.start({ periods: { balance: 300 } });
    await reportReplica(database.db, {
      replica: 'another',
      sessions: 0,
      aliveMs: 60_000,
    });
    const operators = [
      await link.enrolledOperator(),
      await link.enrolledOperator(),
    ];
    const [oldest, newest] = [
      await operators[0].connect(),
      await operators[1].connect(),
    ];

    const drain = await oldest.session.receive('drain');
    oldest.session.close();

    expect(drain.spreadMs).toBeGreaterThan(0);
    expect(await oldest.session.ended()).toBeUndefined();
    await newest.session.receive('heartbeat');
    expect(newest.session.unexpected).toEqual([]); // one each is even
    await database.db('link_replicas').where({ replica: 'another' }).delete();
    await operators[0].connect();
    expect(operators[0].dialled).toBe(2);
  });

  it('counts no replica that has not reported for long', async () => {
    await database.db('link_replicas').insert({
      replica: 'dead',
      sessions: 7,
      heartbeat_at: database.db.raw(
        "clock_timestamp() - interval '20 seconds'",
      ),
    });
    const report = { replica: 'test', sessions: 3, aliveMs: 15_000 };
    expect(await reportReplica(database.db, report)).toEqual({
      peers: 0,
      sessionsOfPeers: 0,
    });
    await database.db('link_replicas').delete();
  });
});
