import { mockServices } from '@backstage/backend-test-utils';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { EventPosition, SnapshotListener } from '../types';
import { OpenTestLink, tenantStatus } from './__testUtils__/openLinks';
import { DatabaseIngest } from './DatabaseIngest';
import { GroupCommit } from './GroupCommit';
import { PoisonLimits } from './PoisonLimits';
import { Projector } from './Projector';
import { IngestOutcome } from './types';

describe('the marks of a snapshot (E7)', () => {
  const database = useTestDatabase();
  let ended: Array<{ cluster: string; begin: EventPosition }>;
  let link: OpenTestLink;
  beforeEach(async () => {
    ended = [];
    link = await OpenTestLink.open(database.db);
  });

  const listener: SnapshotListener = {
    async snapshotEnded(_tx, { cluster, begin }) {
      ended.push({ cluster: cluster.id, begin });
      return [];
    },
  };
  const begin = (id: string) => mark(id, false);
  const end = (id: string) => mark(id, true);

  /** Commits events and goes on after them, as a session does. */
  async function commit(
    ...bodies: Parameters<OpenTestLink['batch']>
  ): Promise<IngestOutcome> {
    const ingest = new GroupCommit({
      ingest: new DatabaseIngest({
        db: database.db,
        projector: new Projector({
          handlers: [],
          snapshotListeners: [listener],
        }),
        limits: new PoisonLimits({ monotonicMs: () => 0 }),
        logger: mockServices.logger.mock(),
      }),
      changes: { changed: () => {} },
    });
    const outcome = await ingest.commit(link.batch(...bodies));
    link.ackedSeq += BigInt(bodies.length);
    return outcome;
  }
  async function reconnect(): Promise<void> {
    link.epoch += 1;
    await database
      .db('links')
      .where({ cluster_id: link.cluster.id })
      .update({ epoch: link.epoch });
  }

  it('tell the domains where it began, once it is complete', async () => {
    await commit(tenantStatus('a'), begin('x'), tenantStatus('b'));
    expect(ended).toEqual([]);
    await commit(tenantStatus('c'), end('x'));
    expect(ended).toEqual([{ cluster: link.cluster.id, begin: [1, 2] }]);
  });

  it('may come in one batch', async () => {
    await commit(begin('x'), tenantStatus('a'), end('x'), begin('y'), end('y'));
    expect(ended.map(({ begin: place }) => place)).toEqual([
      [1, 1],
      [1, 4],
    ]);
  });

  it('mark nothing where one is missing or another one came', async () => {
    await commit(end('x'));
    await commit(begin('x'), end('y'));
    expect(ended).toEqual([]);
    await commit(begin('y'), end('x'));
    expect(ended).toEqual([]);
  });

  it('count once', async () => {
    await commit(begin('x'), end('x'), end('x'));
    expect(ended).toHaveLength(1);
  });

  it('mark nothing where the session ended in between: it is taken again', async () => {
    expect(await commit(begin('x'))).toMatchObject({ snapshot: undefined });
    await reconnect();
    expect(await commit(tenantStatus('a'), end('x'))).toMatchObject({
      snapshot: { keys: [] },
    });
    expect(ended).toEqual([]);
    await commit(begin('y'), end('y'));
    expect(ended).toEqual([{ cluster: link.cluster.id, begin: [2, 4] }]);
  });

  it('count among events of which one is set aside as well', async () => {
    const unreadable = { case: undefined };
    await commit(unreadable, begin('x'), end('x'), begin('y'));
    expect(ended).toEqual([{ cluster: link.cluster.id, begin: [1, 2] }]);
    await reconnect();
    expect(await commit(unreadable, end('y'))).toMatchObject({
      outcome: 'committed',
      snapshot: { keys: [] },
    });
  });
});

function mark(
  id: string,
  end: boolean,
): Parameters<OpenTestLink['batch']>[number] {
  return { case: 'snapshotMark', value: { id, end } };
}
