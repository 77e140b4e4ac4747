import { randomUUID } from 'node:crypto';
import {
  insertCluster,
  useTestDatabase,
} from '../../__testUtils__/testDatabase';
import { openSession, OpenSessionOptions } from './openSession';
import { clearContested } from './clearContested';

const MINUTE_MS = 60_000;

describe('openSession', () => {
  const database = useTestDatabase();
  let opening: OpenSessionOptions;

  beforeEach(async () => {
    const cluster = await insertCluster(database.db);
    opening = {
      clusterId: cluster.id,
      processInstance: randomUUID(),
      incarnation: randomUUID(),
      knownAckedSeq: 0n,
      assignedSeq: 0n,
      highestEpoch: 0,
      highestGeneration: 0,
      capabilities: ['calls'],
      remoteAddress: '10.0.0.7',
      replica: 'test',
      silenceMs: 15_000,
      contestMs: 10 * MINUTE_MS,
    };
  });

  const open = async (options: Partial<OpenSessionOptions> = {}) => {
    const result = await database.db.transaction(tx =>
      openSession(tx, { ...opening, ...options }),
    );
    if (result.outcome === 'held') {
      throw new Error('The link is held');
    }
    return result;
  };
  const link = () =>
    database.db('links').where({ cluster_id: opening.clusterId });
  const shift = (column: string, minutes: number) =>
    database.db.raw(
      `UPDATE links SET ${column} = ${column} - :minutes * interval '1 minute' WHERE cluster_id = :clusterId`,
      { minutes, clusterId: opening.clusterId },
    );

  it('takes the link for one of several that judged the same epoch', async () => {
    const outcomes = await Promise.all(
      [1, 2, 3].map(() =>
        database.db.transaction(tx =>
          openSession(tx, { ...opening, processInstance: randomUUID() }),
        ),
      ),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
      'held',
      'held',
      'opened',
    ]);
  });

  it('goes above every epoch that the operator obeyed, as a restored database does not know them (D8)', async () => {
    expect(await open()).toMatchObject({ epoch: 1 });
    expect(await open({ highestEpoch: 41 })).toMatchObject({ epoch: 42 });
    expect(await open({ highestEpoch: 2 })).toMatchObject({ epoch: 43 });
  });

  it('writes what is shown of the session, and clears what was shown of a refusal', async () => {
    await open();
    await link().update({ refused_reason: 'revoked', refused_at: new Date() });

    await open();

    expect(await link().first()).toMatchObject({
      remote_address: '10.0.0.7',
      capabilities: ['calls'],
      refused_reason: null,
      refused_at: null,
    });
  });

  it('tells a journal that is a copy, or was rolled back, a sequence that it never gave out (E6)', async () => {
    await open({ highestEpoch: 4 }); // epoch 5
    await link().update({ acked_seq: 20, acked_epoch: 5 });

    const original = await open({ highestEpoch: 5, assignedSeq: 20n });
    expect(original.ackedSeq).toBe(20n);
    const copy = await open({ highestEpoch: 4, assignedSeq: 20n });
    expect(copy.ackedSeq).toBe(21n);
    const olderCopy = await open({ highestEpoch: 4, assignedSeq: 12n });
    expect(olderCopy.ackedSeq).toBe(20n); // is beyond 12 already
    expect(await link().first()).toMatchObject({ acked_seq: '20' });

    const another = await open({ incarnation: randomUUID(), highestEpoch: 4 });
    expect(another.ackedSeq).toBe(0n);
  });

  describe('where the process instance changes', () => {
    const change = async () => {
      await link().update({ open: false });
      return open({ processInstance: randomUUID() });
    };

    it('finds two operators in three changes within ten minutes, until ten minutes pass without one (S1)', async () => {
      await open();
      expect(await change()).toMatchObject({ contested: false });
      expect(await change()).toMatchObject({ contested: false });
      expect(await change()).toMatchObject({ contested: true });

      await shift('contested_at', 9);
      expect(await clearContested(database.db, 10 * MINUTE_MS)).toEqual([]);
      expect(await change()).toMatchObject({ contested: true });

      await shift('contested_at', 11);
      expect(await clearContested(database.db, 10 * MINUTE_MS)).toHaveLength(1);
      expect(await link().first()).toMatchObject({ contested_at: null });
    });

    it('finds none in changes that are further apart, nor in sessions of one process', async () => {
      await open();
      for (let restart = 0; restart < 5; restart++) {
        expect(await change()).toMatchObject({ contested: false });
        await database.db.raw(
          `UPDATE links SET instance_changes = (SELECT array_agg(at - interval '6 minutes') FROM unnest(instance_changes) AS at)
           WHERE cluster_id = ?`,
          [opening.clusterId],
        );
      }
      for (let session = 0; session < 5; session++) {
        expect(
          await open({
            processInstance: (await link().first()).process_instance,
          }),
        ).toMatchObject({ contested: false });
      }
    });
  });
});
