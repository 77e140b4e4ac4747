import { randomUUID } from 'node:crypto';
import { makeClusters } from '../__testUtils__/platform';
import { AT, projecting } from '../__testUtils__/projecting';
import { expectRefusal, type Refusal } from '../__testUtils__/refusals';
import { useTestManager } from '../__testUtils__/useTestManager';
import type { GapRecordEvent, LifecycleRecordEvent } from '../link/types';
import { DatabaseLifecycleStore } from './DatabaseLifecycleStore';
import { LifecycleProjection } from './projection';

describe('the lifecycle of a cluster', () => {
  const manager = useTestManager();
  const project = projecting(
    manager,
    new LifecycleProjection({ store: new DatabaseLifecycleStore() }),
  );
  beforeEach(async () => {
    await makeClusters(manager, 'fra1', 'ams1');
  });

  const step = (
    minute: number,
    told: Partial<LifecycleRecordEvent> = {},
  ): LifecycleRecordEvent => ({
    type: 'lifecycleRecord',
    observedAt: AT.plus({ minutes: minute }),
    id: randomUUID(),
    key: 'applications/acme/web',
    uid: randomUUID(),
    generation: 3,
    step: `Step${minute}`,
    message: '',
    ...told,
  });
  const gap = (minute: number): GapRecordEvent => ({
    type: 'gapRecord',
    observedAt: AT.plus({ minutes: minute }),
    dropped: 12,
    since: AT,
    until: AT.plus({ minutes: minute }),
    kind: 'lifecycle',
  });
  const list = async (query = '') =>
    (await manager.get(`/clusters/fra1/lifecycle${query}`).expect(200)).body;
  const steps = (body: { items: Array<{ step?: string }> }) =>
    body.items.map(item => item.step ?? 'gap');

  it('is told newest first, with the gaps in it', async () => {
    const first = step(1, { message: 'It was applied.' });
    expect(await project('fra1', first, gap(2), step(3))).toEqual([
      { kind: 'cluster', name: 'fra1' },
    ]);
    await project('ams1', step(4));

    const body = await list();
    expect(steps(body)).toEqual(['Step3', 'gap', 'Step1']);
    expect(body.items[1]).toMatchObject({
      observedAt: AT.plus({ minutes: 2 }).toISO(),
      message: expect.stringContaining('give up 12 entries'),
      gap: { dropped: 12, kind: 'lifecycle', since: AT.toISO() },
    });
    expect(body.items[2]).toEqual({
      id: first.id,
      observedAt: AT.plus({ minutes: 1 }).toISO(),
      key: 'applications/acme/web',
      uid: first.uid,
      generation: 3,
      step: 'Step1',
      message: 'It was applied.',
    });
  });

  it('has each step once, however often it comes', async () => {
    const once = step(1);
    await project('fra1', once, once);
    await project('fra1', once);
    expect(steps(await list())).toEqual(['Step1']);
  });

  it('comes page by page, also where steps were seen in the same moment', async () => {
    await project('fra1', ...[1, 1, 1, 2, 3].map(minute => step(minute)));
    await project('fra1', gap(1));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(`?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
  });

  it('can be asked of one object; what a gap hides could be its as well', async () => {
    await project('fra1', step(1), step(2, { key: 'tenants/acme' }), gap(3));
    expect(steps(await list('?key=tenants/acme'))).toEqual(['gap', 'Step2']);
  });

  it('goes with its cluster', async () => {
    await project('fra1', step(1), gap(2));
    await manager.delete('/clusters/fra1').expect(204);
    expect(await manager.db('lifecycle_records').select()).toEqual([]);
    expect(await manager.db('link_gaps').select()).toEqual([]);
  });

  it.each<Refusal>([
    [
      'an unknown cluster',
      404,
      'CLUSTER_NOT_FOUND',
      () => manager.get('/clusters/nowhere/lifecycle'),
    ],
    [
      'a made-up cursor',
      400,
      'CURSOR_INVALID',
      () =>
        manager.get(
          `/clusters/fra1/lifecycle?cursor=${Buffer.from('["1","2"]').toString(
            'base64url',
          )}`,
        ),
    ],
    [
      'a limit of 0',
      400,
      'INPUT_INVALID',
      () => manager.get('/clusters/fra1/lifecycle?limit=0'),
    ],
  ])('refuses %s', (...refusal) => expectRefusal(manager, refusal));
});
