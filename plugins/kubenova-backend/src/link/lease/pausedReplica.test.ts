import { Code } from '@connectrpc/connect';
import { Knex } from 'knex';
import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { EventHandler } from '../types';
import { limitedTransaction } from './limitedTransaction';

/*
 * A replica that is paused in a transaction, as a suspended machine is, looks to Postgres like one that is idle in it. These tests wait
 * for Postgres to end such a transaction, which takes the five seconds of its limit.
 */
describe('a transaction in which its replica is paused', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  const backendOf = async (tx: Knex.Transaction): Promise<number> => {
    const { rows } = await tx.raw('SELECT pg_backend_pid() AS pid');
    return rows[0].pid;
  };
  const untilEnded = (pid: number) =>
    eventually(
      () => database.db('pg_stat_activity').where({ pid }).pluck('pid'),
      ({ length }) => length === 0,
    );

  it('keeps no operator out for longer than the limits: its link can be taken over (E4)', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const first = await operator.connect();
    let resume = () => {};
    const paused = new Promise<void>(resolve => {
      resume = resolve;
    });
    let holdsRow = () => {};
    const holding = new Promise<void>(resolve => {
      holdsRow = resolve;
    });
    const failed = limitedTransaction(database.db, async tx => {
      await tx('links')
        .where({ cluster_id: operator.cluster.id, epoch: 1 })
        .update({ acked_seq: 7 });
      holdsRow();
      await paused;
    }).then(
      () => 'committed',
      error => error,
    );
    await holding;

    let taken: bigint | undefined;
    while (taken === undefined) {
      const session = await operator.hello();
      taken = await session.receive('welcome').then(
        welcome => welcome.epoch,
        async () => {
          expect((await session.ended())?.code).toBe(Code.Unavailable); // the lock was waited for in vain
          return undefined;
        },
      );
    }
    expect(taken).toBe(2n);

    resume();
    expect(await failed).toBeInstanceOf(Error);
    expect(await link.row(operator)).toMatchObject({
      epoch: '2',
      acked_seq: '0',
    });
    await first.session.ended();
  });

  it('fails in the process and not the process; the pool makes another connection', async () => {
    let ended = 0;
    const failed = await limitedTransaction(database.db, async tx => {
      const pid = await backendOf(tx);
      await untilEnded(pid);
      ended = pid;
    }).then(
      () => 'committed',
      error => error,
    );

    expect(failed).toBeInstanceOf(Error);
    const pids = await Promise.all(
      [1, 2, 3, 4].map(() =>
        limitedTransaction(database.db, tx => backendOf(tx)),
      ),
    );
    expect(pids).not.toContain(ended);
  });

  it('has its events tried again, and acknowledged once they are committed', async () => {
    const attempts: number[] = [];
    const handler: EventHandler = {
      types: ['tenantStatus'],
      async handle(tx) {
        attempts.push(await backendOf(tx));
        if (attempts.length === 1) {
          await untilEnded(attempts[0]);
        }
        return [];
      },
    };
    const link = await links.start({ handlers: [handler] });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    operator.sendEvents(session, [
      {
        key: 'tenants/acme',
        body: {
          case: 'tenantStatus',
          value: { tenant: 'acme', uid: 'u', generation: 1n, phase: 'Ready' },
        },
      },
    ]);

    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 1n });
    expect(attempts.length).toBeGreaterThan(1);
    expect(new Set(attempts).size).toBe(attempts.length);
    expect(await link.row(operator)).toMatchObject({ acked_seq: '1' });
  });
});
