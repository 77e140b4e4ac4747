import { Code } from '@connectrpc/connect';
import { ApplyYaml } from '@kubenova/proto';
import { DateTime } from 'luxon';
import { createHash, randomUUID } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { ScriptedOperator } from '../__testUtils__/ScriptedOperator';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { BehindDecisions } from '../behind/BehindDecisions';
import { DesiredStateAdopter } from '../behind/types';
import { HELD_REQUEST_KEYS } from './HeldStateRequests';

const CAPABILITIES = { capabilities: ['held-states'] };
const KEY = 'tenants/acme';

/** Takes every state over, as a domain without rules of its own. */
const adopter: DesiredStateAdopter = {
  adopts: () => true,
  refusal: async () => undefined,
  adopt: async () => [],
};

describe('an operator that holds what the Manager does not know (D9)', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  async function setUp() {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { cluster } = operator;
    const decisions = new BehindDecisions({
      adopters: [adopter],
      changes: { changed: () => {} },
      clock: () => DateTime.utc(),
      database: database.db,
    });
    return {
      link,
      operator,
      put: (key: string, yaml: string, uid: string = randomUUID()) =>
        database.db.transaction(tx =>
          link.link.outbox.put(tx, { clusterId: cluster.id, key, uid, yaml }),
        ),
      behind: () =>
        database
          .db('behind_keys')
          .where({ cluster_id: cluster.id })
          .orderBy('key'),
      row: (key = KEY) =>
        database
          .db('desired_states')
          .where({ cluster_id: cluster.id, key })
          .first(),
      decide: (decision: 'adopt' | 'overwrite') =>
        decisions.decide(cluster, { decision, actor: 'test' }),
    };
  }

  /** Has the operator hold a state that a Manager of another past had sent it. */
  function hold(
    operator: ScriptedOperator,
    key: string,
    generation: bigint,
    more: { uid?: string; text?: string } = {},
  ): ApplyYaml {
    const value = Buffer.from(more.text ?? `key: ${key}`);
    const state = {
      key,
      generation,
      uid: more.uid ?? randomUUID(),
      sha256: createHash('sha256').update(value).digest(),
      content: { case: 'yaml', value },
    } as unknown as ApplyYaml;
    operator.held.set(key, state);
    return state;
  }

  it('is asked what it holds, a few keys at a time', async () => {
    const { operator, behind } = await setUp();
    const count = HELD_REQUEST_KEYS + 2;
    for (let index = 0; index < count; index += 1) {
      hold(operator, `tenants/t${index}`, BigInt(index + 1));
    }
    const { session } = await operator.connect(CAPABILITIES);
    const first = await session.receive('heldRequest');
    expect(first.keys).toHaveLength(HELD_REQUEST_KEYS);
    await session.receive('heartbeat');
    expect(session.unexpected).toEqual([]);

    operator.answerHeldRequest(session, first);
    const second = await session.receive('heldRequest');
    expect(second.keys).toHaveLength(2);
    operator.answerHeldRequest(session, second);

    const rows = await eventually(behind, all =>
      all.every(({ held_at }) => held_at !== null),
    );
    expect(rows.map(({ yaml }) => yaml)).toEqual(
      rows.map(({ key }) => `key: ${key}`),
    );
  });

  it('is given generations above all that it has seen', async () => {
    const { operator, put, link } = await setUp();
    await put('tenants/other', 'a: 1');
    hold(operator, KEY, 41n);
    await operator.connect();
    await eventually(
      () => link.row(operator),
      row => row.generation === '41',
    );
    expect(await put('tenants/new', 'a: 1')).toEqual({ generation: 42 });
  });

  it('is sent nothing by any replica until somebody has decided', async () => {
    const { operator, link, put, behind, decide } = await setUp();
    hold(operator, KEY, 5n);
    await put('tenants/other', 'a: 1');
    const { session } = await operator.connect(CAPABILITIES);
    operator.answerHeldRequest(session, await session.receive('heldRequest'));
    await eventually(behind, ([row]) => row?.held_at !== null);
    session.send({ case: 'bye', value: { reason: 'goes elsewhere' } });
    await session.ended();

    const other = await links.start({ registry: link.registry });
    const elsewhere = other.operatorOf(operator.cluster);
    elsewhere.useKeyOf(operator);
    elsewhere.incarnation = operator.incarnation;
    operator.held.forEach((state, key) => elsewhere.held.set(key, state));
    const moved = await elsewhere.connect(CAPABILITIES);
    await moved.session.receive('heartbeat');
    await moved.session.receive('heartbeat');
    // What was told is known already, and is not asked for again.
    expect(moved.session.unexpected).toEqual([]);

    await decide('adopt');
    expect(await moved.session.receive('applyYaml')).toMatchObject({
      key: 'tenants/other',
    });
    expect(moved.session.seen).toContain('snapshotRequest');
  });

  it('has what was written after the restore decided as well', async () => {
    const { operator, put, row, behind } = await setUp();
    const uid = randomUUID();
    await put(KEY, 'version: 1', uid);
    hold(operator, KEY, 7n, { uid, text: 'version: lost' });
    const session = await operator.hello(); // the counter is raised, and no digest came
    await session.receive('welcome');
    expect(await put(KEY, 'version: 2', uid)).toEqual({ generation: 8 });

    operator.sendDigest(session);

    expect(await eventually(behind, rows => rows.length > 0)).toMatchObject([
      { key: KEY, difference: 'diverged', generation: '7' },
    ]);
    expect(session.unexpected).toEqual([]);
    expect(await row()).toMatchObject({ accepted_generation: null });
    await expect(put(KEY, 'version: 3', uid)).rejects.toMatchObject({
      code: 'MANAGER_BEHIND',
    });
  });

  it('no longer has anything decided that it holds no more', async () => {
    const { operator, put, behind } = await setUp();
    hold(operator, KEY, 5n);
    const { session } = await operator.connect();
    await eventually(behind, rows => rows.length === 1);

    operator.held.clear();
    operator.sendDigest(session);
    await put('tenants/other', 'a: 1');

    expect((await session.receive('applyYaml')).key).toBe('tenants/other');
    expect(await behind()).toEqual([]);
  });

  it('is asked anew when it holds something else than before', async () => {
    const { operator, behind } = await setUp();
    hold(operator, KEY, 5n, { text: 'version: 5' });
    const { session } = await operator.connect(CAPABILITIES);
    const first = await session.receive('heldRequest');
    hold(operator, KEY, 6n, { text: 'version: 6' });
    operator.sendDigest(session);
    operator.answerHeldRequest(session, first);
    operator.sendDigest(session);

    const [row] = await eventually(
      async () => {
        if (session.unexpected.some(frame => frame.case === 'heldRequest')) {
          const request = await session.receive('heldRequest');
          operator.answerHeldRequest(session, request);
        }
        return behind();
      },
      ([entry]) => entry?.held_at !== null,
    );
    expect(row).toMatchObject({ generation: '6', yaml: 'version: 6' });
  });

  it('tells whoever looks at the cluster', async () => {
    const { operator, link, behind } = await setUp();
    hold(operator, KEY, 5n);
    await operator.connect();
    await eventually(behind, rows => rows.length === 1);
    await eventually(
      () => link.changed.filter(({ kind }) => kind === 'cluster').length,
      count => count > 1,
    );
    const [state] = await link.link.states.find(database.db, [
      operator.cluster.id,
    ]);
    expect(state.behind).toMatchObject({ keys: 1 });
  });

  it.each([
    ['tells what nobody asked for', { key: 'tenants/none' }],
    [
      'tells a text that is not that of its hash',
      {
        key: KEY,
        generation: 5n,
        sha256: new Uint8Array(32),
        content: { case: 'yaml' as const, value: Buffer.from('a: 1') },
      },
    ],
    [
      'tells no text',
      {
        key: KEY,
        generation: 5n,
        sha256: createHash('sha256').update(Buffer.of(0xff)).digest(),
        content: { case: 'yaml' as const, value: Buffer.of(0xff) },
      },
    ],
  ])('ends its session if it %s', async (_, value) => {
    const { operator, behind } = await setUp();
    hold(operator, KEY, 5n);
    const { session } = await operator.connect(CAPABILITIES);
    await session.receive('heldRequest');
    session.send({ case: 'heldState', value });
    expect(await session.ended()).toMatchObject({ code: Code.InvalidArgument });
    expect(await behind()).toMatchObject([{ held_at: null }]);
  });
});
