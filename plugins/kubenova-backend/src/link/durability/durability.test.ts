import { mockServices } from '@backstage/backend-test-utils';
import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { Durability } from '../types';
import { durabilityOf } from './durabilityOf';
import { DurabilityReader } from './DurabilityReader';
import { readReplication } from './readReplication';

describe('how durable an acknowledgement is (E6)', () => {
  const database = useTestDatabase();

  it.each<[commit: string, names: string, standbys: number, Durability]>([
    ['on', 'ANY 1 (a, b)', 2, 'replicated'],
    ['remote_apply', 'a', 1, 'replicated'],
    ['on', 'a', 0, 'replicated'],
    ['remote_write', 'a', 1, 'may_lose_on_failover'],
    ['local', 'a', 1, 'may_lose_on_failover'],
    ['on', '', 1, 'may_lose_on_failover'],
    ['on', '', 0, 'single'],
    ['local', '', 0, 'single'],
    ['off', '', 0, 'may_lose_on_failover'],
    ['off', 'a', 1, 'may_lose_on_failover'],
  ])(
    'synchronous_commit %s, standby names "%s" and %d standbys: %s',
    (synchronousCommit, synchronousStandbyNames, standbys, durability) => {
      expect(
        durabilityOf({ synchronousCommit, synchronousStandbyNames, standbys }),
      ).toBe(durability);
    },
  );

  it('is read of the database, also by a role that may read nothing else', async () => {
    const tx = await database.db.transaction();
    await tx.raw("SET LOCAL synchronous_commit = 'local'");
    await tx.raw('CREATE ROLE kubenova_reader');
    await tx.raw('SET LOCAL ROLE kubenova_reader');
    const replication = await readReplication(tx);
    await tx.rollback();
    expect(replication).toEqual({
      synchronousCommit: 'local',
      synchronousStandbyNames: '',
      standbys: 0,
    });
  });

  it('is known soon after the start, and no more is asked after the end', async () => {
    const logger = mockServices.logger.mock();
    const reader = new DurabilityReader({ db: database.db, logger });
    expect(reader.current()).toBeUndefined();
    const stop = new AbortController();
    const running = reader.run(stop.signal);

    const known = await eventually(
      () => reader.current(),
      durability => durability !== undefined,
    );
    stop.abort();
    await running;

    const replication = await readReplication(database.db);
    expect(known).toBe(durabilityOf(replication));
  });
});
