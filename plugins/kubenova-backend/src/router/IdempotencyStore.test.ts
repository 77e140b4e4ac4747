import { DateTime } from 'luxon';
import { useTestDatabase } from '../link/__testUtils__/testDatabase';
import { eventually } from '../link/__testUtils__/eventually';
import { IdempotencyStore } from './IdempotencyStore';

describe('IdempotencyStore', () => {
  const database = useTestDatabase();
  let now = DateTime.fromISO('2026-11-24T06:00:00Z', { zone: 'utc' });
  const store = new IdempotencyStore({ clock: () => now });

  afterEach(() => database.db('idempotency_keys').delete());

  const once = (
    body: unknown,
    work: () => Promise<unknown>,
    key: string | undefined = 'k',
  ) =>
    database.db.transaction(tx =>
      store.once(
        tx,
        { actor: 'user:default/ada', key, operation: 'POST /x', body },
        work,
      ),
    );

  const keyWriters = async () =>
    Number(
      (
        await database.db.raw(
          `SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
           WHERE c.relname = 'idempotency_keys' AND l.mode = 'RowExclusiveLock'`,
        )
      ).rows[0].count,
    );
  const waitingForLocks = async () =>
    Number(
      (
        await database.db.raw(
          `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        )
      ).rows[0].count,
    );

  it('does the work once and answers repetitions with its answer', async () => {
    let done = 0;
    const work = async () => ({ done: ++done });
    expect(await once({ a: 1, b: 2 }, work)).toEqual({ done: 1 });
    expect(await once({ b: 2, a: 1 }, work)).toEqual({ done: 1 });
  });

  it('does the work each time without a key', async () => {
    let done = 0;
    const work = async () => ++done;
    const anonymous = () =>
      database.db.transaction(tx =>
        store.once(
          tx,
          { actor: 'a', key: undefined, operation: 'POST /x', body: {} },
          work,
        ),
      );
    expect([await anonymous(), await anonymous()]).toEqual([1, 2]);
  });

  it('refuses the key for another body', async () => {
    await once({ a: 1 }, async () => 1);
    await expect(once({ a: 2 }, async () => 2)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('remembers nothing of work that failed', async () => {
    const failed = once({}, async () => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await once({ other: true }, async () => 'yes')).toBe('yes');
  });

  it('makes a repetition wait that comes while the first is at work', async () => {
    let finish = (_: string) => {};
    const first = once({}, () => new Promise<string>(r => (finish = r)));
    let isAnswered = false;
    // The second begins once the first holds the key.
    await eventually(keyWriters, count => count > 0);
    const second = once({}, async () => 'second').then(answer => {
      isAnswered = true;
      return answer;
    });
    await eventually(waitingForLocks, count => count > 0);
    expect(isAnswered).toBe(false);
    finish('first');
    expect(await Promise.all([first, second])).toEqual(['first', 'first']);
  });

  it('forgets a key after 24 hours', async () => {
    await once({ a: 1 }, async () => 'old');
    now = now.plus({ hours: 24 });
    expect(await once({ a: 2 }, async () => 'new')).toBe('new');
    expect(await once({ a: 2 }, async () => 'newer')).toBe('new');
    now = now.plus({ hours: 24 });
    expect(await store.deleteExpired(database.db)).toBe(1);
  });
});
