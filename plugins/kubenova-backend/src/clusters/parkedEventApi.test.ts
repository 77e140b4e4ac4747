import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { EventSchema } from '@kubenova/proto';
import { randomUUID } from 'node:crypto';
import { makeClusters, makeTenant } from '../__testUtils__/platform';
import { AT } from '../__testUtils__/projecting';
import { expectRefusal, type Refusal } from '../__testUtils__/refusals';
import { useTestManager } from '../__testUtils__/useTestManager';

type Body = NonNullable<MessageInitShape<typeof EventSchema>['body']>;

describe('events that were set aside', () => {
  const manager = useTestManager();
  const incarnation = randomUUID();
  let clusterId: string;

  beforeEach(async () => {
    ({ fra1: clusterId } = await makeClusters(manager, 'fra1'));
  });

  /** As a release that did not understand the event left it. */
  async function park(seq: number, body: Body): Promise<void> {
    const event = create(EventSchema, {
      seq: BigInt(seq),
      key: `key/${seq}`,
      observedAt: timestampFromDate(AT.toJSDate()),
      body,
    });
    await manager.db('parked_events').insert({
      cluster_id: clusterId,
      incarnation,
      epoch: 1,
      seq,
      key: event.key,
      event: Buffer.from(toBinary(EventSchema, event)),
      code: 'UNREADABLE',
      error: 'what the release of then said',
      observed_at: AT.toJSDate(),
    });
  }
  const record = (step: string): Body => ({
    case: 'lifecycleRecord',
    value: { id: randomUUID(), key: 'tenants/acme', uid: 'u', step },
  });
  const unreadable: Body = {
    case: 'tenantStatus',
    value: { tenant: 'acme', phase: 'Dancing' },
  };
  const list = async (query = '') =>
    (await manager.get(`/clusters/fra1/parked-events${query}`).expect(200))
      .body;
  const replay = async (body: object = {}) =>
    (
      await manager
        .post('/clusters/fra1/parked-events/replay', body)
        .expect(200)
    ).body;
  const ids = (events: Array<{ id: string }>) =>
    events.map(({ id }) => Number(id.split('/')[1]));

  it('are listed in the order in which they came, page by page', async () => {
    for (const seq of [10, 9, 2]) {
      await park(seq, record('Applied'));
    }
    const first = await list('?limit=2');
    expect(first.items[0]).toEqual({
      id: `${incarnation}/2`,
      key: 'key/2',
      code: 'UNREADABLE',
      error: 'what the release of then said',
      observedAt: AT.toISO(),
      parkedAt: expect.any(String),
    });
    const rest = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect(ids([...first.items, ...rest.items])).toEqual([2, 9, 10]);
    expect(first.haltedAt).toBeUndefined();
  });

  it('tell since when nothing is acknowledged, where too many of them come', async () => {
    await manager.db('links').update({ poison_halted_at: AT.toJSDate() });
    expect(await list()).toMatchObject({ items: [], haltedAt: AT.toISO() });
  });

  it('are written by a replay and gone, and the answer tells what remains and why', async () => {
    await park(1, record('Applied'));
    await park(2, unreadable);
    await park(3, record('Healthy'));

    expect(await replay()).toMatchObject({
      replayed: 2,
      remaining: [
        {
          id: `${incarnation}/2`,
          error: expect.stringContaining('Dancing'),
        },
      ],
    });
    expect(ids((await list()).items)).toEqual([2]);
    expect(
      (await manager.get('/clusters/fra1/lifecycle')).body.items,
    ).toHaveLength(2);
    expect((await replay()).replayed).toBe(0);
  });

  it('are replayed one by one where some are named', async () => {
    await park(1, record('Applied'));
    await park(2, record('Healthy'));

    const named = { ids: [`${incarnation}/2`, `${incarnation}/77`] };
    expect(await replay(named)).toEqual({ replayed: 1, remaining: [] });
    expect(ids((await list()).items)).toEqual([1]);
  });

  it('do not take back a state that was told since', async () => {
    const tenant = await makeTenant(manager, 'acme', 'fra1');
    const [{ id: uid, sync }] = tenant.placements;
    await manager
      .db('placements')
      .where({ id: uid })
      .update({
        phase: 'Ready',
        status_generation: sync.desiredGeneration,
        status_position: [1, 8],
      });
    const status = (seq: number, phase: string) =>
      park(seq, {
        case: 'tenantStatus',
        value: {
          tenant: 'acme',
          uid,
          phase,
          generation: BigInt(sync.desiredGeneration),
        },
      });
    await status(7, 'Provisioning');

    expect(await replay()).toEqual({ replayed: 1, remaining: [] });
    const placement = async () =>
      (await manager.get('/tenants/acme')).body.placements[0];
    expect(await placement()).toMatchObject({ status: 'ready' });

    await status(9, 'Provisioning');
    await replay();
    expect(await placement()).toMatchObject({ status: 'provisioning' });
  });

  it.each<Refusal>([
    [
      'to list those of an unknown cluster',
      404,
      'CLUSTER_NOT_FOUND',
      () => manager.get('/clusters/nowhere/parked-events'),
    ],
    [
      'to replay those of an unknown cluster',
      404,
      'CLUSTER_NOT_FOUND',
      () => manager.post('/clusters/nowhere/parked-events/replay', {}),
    ],
    [
      'a made-up cursor',
      400,
      'CURSOR_INVALID',
      () => manager.get('/clusters/fra1/parked-events?cursor=bm9wZQ'),
    ],
    [
      'an id that can be none',
      400,
      'INPUT_INVALID',
      () => manager.post('/clusters/fra1/parked-events/replay', { ids: ['7'] }),
    ],
    [
      'an unknown field',
      400,
      'INPUT_INVALID',
      () =>
        manager.post('/clusters/fra1/parked-events/replay', { everything: 1 }),
    ],
  ])('refuse %s', (...refusal) => expectRefusal(manager, refusal));
});
