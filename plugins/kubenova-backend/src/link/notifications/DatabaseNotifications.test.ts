import { mockServices } from '@backstage/backend-test-utils';
import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import {
  DatabaseNotifications,
  NotificationListener,
} from './DatabaseNotifications';

class Listening implements NotificationListener {
  readonly channel: string;
  readonly heard: string[] = [];
  connections = 0;

  constructor(channel: string) {
    this.channel = channel;
  }

  notified(payload: string): void {
    this.heard.push(payload);
  }

  reconnected(): void {
    this.connections += 1;
  }
}

jest.setTimeout(60_000);

describe('notifications of the database', () => {
  const database = useTestDatabase();

  it('reach who listens to their channel on one connection, which comes back when it breaks', async () => {
    const one = new Listening('kubenova_test_one');
    const two = new Listening('kubenova_test_two');
    const stop = new AbortController();
    const running = new DatabaseNotifications({
      db: database.db,
      listeners: [one, two],
      logger: mockServices.logger.mock(),
    }).run(stop.signal);
    const notify = (channel: string, payload: string) =>
      database.db.raw('SELECT pg_notify(?, ?)', [channel, payload]);
    const backends = () =>
      database
        .db('pg_stat_activity')
        .where('query', 'like', 'LISTEN kubenova_test_one%')
        .pluck('pid');

    await eventually(
      () => [one.connections, two.connections],
      ([first, second]) => first === 1 && second === 1,
    );
    expect(await backends()).toHaveLength(1);
    await notify(one.channel, 'for one');
    await notify(two.channel, 'for two');
    await eventually(
      () => [one.heard, two.heard],
      ([first, second]) => first.length === 1 && second.length === 1,
    );
    expect([one.heard, two.heard]).toEqual([['for one'], ['for two']]);

    const [pid] = await backends();
    await database.db.raw('SELECT pg_terminate_backend(?)', [pid]);
    await eventually(
      () => [one.connections, two.connections],
      ([first, second]) => first === 2 && second === 2,
    );
    await notify(one.channel, 'again');
    await eventually(
      () => one.heard,
      heard => heard.includes('again'),
    );

    stop.abort();
    await running;
    await eventually(backends, left => left.length === 0);
  });
});
