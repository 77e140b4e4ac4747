import { DateTime } from 'luxon';
import { makeClusters, makeTenant } from '../__testUtils__/platform';
import { useTestManager } from '../__testUtils__/useTestManager';
import { DatabasePlacementStore } from './DatabasePlacementStore';

/** What the link row's lock would settle as well, between the placement's own readers and writers alone (D5). */
describe('a placement that is shared', () => {
  const manager = useTestManager();
  const placements = new DatabasePlacementStore();
  const at = DateTime.utc();

  async function placed(): Promise<string> {
    await makeClusters(manager, 'fra1');
    const tenant = await makeTenant(manager, 'acme', 'fra1');
    return tenant.placements[0].id;
  }

  /** Whether some transaction waits for another one's lock. */
  async function isSomebodyWaiting(): Promise<boolean> {
    const { rows } = await manager.db.raw(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0].waiting > 0;
  }

  async function untilSomebodyWaits(): Promise<void> {
    while (!(await isSomebodyWaiting())) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  }

  it('is not marked for deletion before who shares it is done', async () => {
    const id = await placed();
    const order: string[] = [];
    let removed: Promise<unknown> = Promise.resolve();
    await manager.db.transaction(async deploying => {
      expect(await placements.share(deploying, [id])).toMatchObject([{ id }]);
      removed = manager.db.transaction(async removing => {
        await placements.markDeleting(removing, id, at);
        order.push('removed');
      });
      await untilSomebodyWaits();
      order.push('deployed');
    });
    await removed;
    expect(order).toEqual(['deployed', 'removed']);
  });

  it('is seen as being deleted by who comes after its deletion', async () => {
    const id = await placed();
    let shared: Promise<unknown> = Promise.resolve();
    await manager.db.transaction(async removing => {
      await placements.markDeleting(removing, id, at);
      shared = manager.db.transaction(deploying =>
        placements.share(deploying, [id]),
      );
      await untilSomebodyWaits();
    });
    expect(await shared).toMatchObject([{ id, deletingAt: expect.anything() }]);
  });

  it('takes what the operator tells of it meanwhile', async () => {
    const id = await placed();
    await manager.db.transaction(async deploying => {
      await placements.share(deploying, [id]);
      // As the ingest writes it, on another connection: it does not wait.
      await manager.db('placements').where({ id }).update({ phase: 'Ready' });
    });
    expect(await manager.db('placements').where({ id })).toMatchObject([
      { phase: 'Ready' },
    ]);
  });
});
