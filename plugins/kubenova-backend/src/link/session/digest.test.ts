import { Code } from '@connectrpc/connect';
import { ApplyOutcome } from '@kubenova/proto';
import { randomUUID } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';

const KEY = 'tenants/acme';

describe('a digest of what an operator holds', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  async function setUp() {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const clusterId = operator.cluster.id;
    return {
      operator,
      put: (key: string, yaml: string, uid: string = randomUUID()) =>
        database.db.transaction(tx =>
          link.link.outbox.put(tx, { clusterId, key, uid, yaml }),
        ),
      remove: (key: string, uid: string) =>
        database.db.transaction(tx =>
          link.link.outbox.remove(tx, { clusterId, key, uid }),
        ),
      row: (key = KEY) =>
        database
          .db('desired_states')
          .where({ cluster_id: clusterId, key })
          .first(),
      /** Connects and accepts what comes, in all `count` states. */
      async take(count: number) {
        const { session } = await operator.connect();
        for (let index = 0; index < count; index += 1) {
          session.accept(await session.receive('applyYaml'));
        }
        await eventually(
          () =>
            database
              .db('desired_states')
              .where({ cluster_id: clusterId })
              .whereRaw('accepted_generation = generation'),
          rows => rows.length >= count,
        );
        return session;
      },
    };
  }

  it('has to come before anything is sent (D10)', async () => {
    const { operator, put } = await setUp();
    await put(KEY, 'a: 1');
    const session = await operator.hello();
    await session.receive('welcome');
    await session.receive('heartbeat');
    await session.receive('heartbeat');
    await session.receive('heartbeat');
    expect(session.unexpected).toEqual([]);

    operator.sendDigest(session);
    expect(await session.receive('applyYaml')).toMatchObject({ key: KEY });
  });

  it('tells of what was accepted though nobody heard of it, which is not sent again', async () => {
    const { operator, put, row } = await setUp();
    await put(KEY, 'a: 1');
    const first = await operator.connect();
    const frame = await first.session.receive('applyYaml');
    operator.held.set(KEY, frame); // stored, and cut off before it could say so
    operator.disconnect();

    const { session } = await operator.connect();
    await eventually(row, state => state.accepted_generation === '1');
    await put('tenants/other', 'a: 1');
    expect(await session.receive('applyYaml')).toMatchObject({
      key: 'tenants/other',
    });
  });

  it('of a journal that went back has the rest sent again', async () => {
    const { operator, put, take } = await setUp();
    const uid = randomUUID();
    await put(KEY, 'version: 1', uid);
    const older = await take(1);
    const before = new Map(operator.held);
    await put(KEY, 'version: 2', uid);
    older.accept(await older.receive('applyYaml'));
    operator.disconnect();

    operator.held.clear();
    before.forEach((state, key) => operator.held.set(key, state));
    const { session } = await operator.connect();
    expect(await session.receive('applyYaml')).toMatchObject({
      key: KEY,
      generation: 2n,
    });
  });

  it('of a journal that was lost has everything sent again, tombstones that are open too', async () => {
    const { operator, put, remove, take } = await setUp();
    const uid = randomUUID();
    await put(KEY, 'a: 1', uid);
    await put('cluster/config', 'a: 1');
    const first = await take(2);
    await remove(KEY, uid);
    first.accept(await first.receive('applyYaml'));
    operator.disconnect();

    operator.held.clear();
    operator.incarnation = randomUUID();
    const { session } = await operator.connect();
    expect(await session.receive('applyYaml')).toMatchObject({
      key: 'cluster/config',
    });
    expect(await session.receive('applyYaml')).toMatchObject({
      key: KEY,
      content: { case: 'tombstone' },
    });
  });

  it('that went back behind a confirmed tombstone has it sent, and confirmed, once more', async () => {
    const { operator, put, remove, row, take } = await setUp();
    const uid = randomUUID();
    await put(KEY, 'a: 1', uid);
    const first = await take(1);
    const before = new Map(operator.held);
    await remove(KEY, uid);
    first.accept(await first.receive('applyYaml'));
    const deleted = {
      key: `apply/${KEY}`,
      body: {
        case: 'applyResult' as const,
        value: {
          key: KEY,
          uid,
          generation: 2n,
          outcome: ApplyOutcome.DELETED,
        },
      },
    };
    operator.sendEvents(first, [deleted]);
    await first.receive('eventAck');
    operator.ackedSeq = 1n;
    expect((await row()).deleted_at).not.toBeNull();
    operator.disconnect();

    before.forEach((state, key) => operator.held.set(key, state));
    const { session } = await operator.connect();
    const frame = await session.receive('applyYaml');
    expect(frame).toMatchObject({ uid, content: { case: 'tombstone' } });
    await expect(put(KEY, 'a: 2')).rejects.toThrow('is still being deleted');

    session.accept(frame);
    operator.sendEvents(session, [deleted]);
    await session.receive('eventAck');
    expect((await row()).deleted_at).not.toBeNull();
  });

  it('does not have sent again what the guard refused', async () => {
    const { operator, put, row } = await setUp();
    const uid = randomUUID();
    await put(KEY, 'a: bad', uid);
    const first = await operator.connect();
    const { key, generation, number } = await first.session.receive(
      'applyYaml',
    );
    first.session.send({
      case: 'accepted', // and not stored
      value: { key, generation, number },
    });
    operator.sendEvents(first.session, [
      {
        key: `apply/${KEY}`,
        body: {
          case: 'applyResult',
          value: { key, uid, generation, outcome: ApplyOutcome.REFUSED },
        },
      },
    ]);
    await first.session.receive('eventAck');
    operator.ackedSeq = 1n;
    await eventually(row, state => state.accepted_generation === '1');
    operator.disconnect();

    const { session } = await operator.connect();
    await put('tenants/other', 'a: 1');
    expect(await session.receive('applyYaml')).toMatchObject({
      key: 'tenants/other',
    });
    expect(await row()).toMatchObject({ accepted_generation: '1' });
  });

  it('says nothing of what was sent after it was made', async () => {
    const { operator, put, row } = await setUp();
    const { session } = await operator.connect();
    await put(KEY, 'a: 1');
    const first = await session.receive('applyYaml');
    session.accept(first);
    await put('tenants/other', 'a: 1');
    const second = await session.receive('applyYaml');

    // Made after the first frame, sent after the second one was accepted.
    const digest = new Map(operator.held);
    session.accept(second);
    await eventually(
      () => row('tenants/other'),
      state => state.accepted_generation === '2',
    );
    operator.held.clear();
    digest.forEach((state, key) => operator.held.set(key, state));
    operator.sendDigest(session, first.number);

    await put('tenants/third', 'a: 1');
    expect(await session.receive('applyYaml')).toMatchObject({
      key: 'tenants/third',
    });
    expect(await row('tenants/other')).toMatchObject({
      accepted_generation: '2',
    });
  });

  it('in the midst of a session has sent again what is held no more', async () => {
    const { operator, put, take } = await setUp();
    await put(KEY, 'a: 1');
    const session = await take(1);

    operator.held.clear();
    operator.sendDigest(session, 1n);

    expect(await session.receive('applyYaml')).toMatchObject({
      key: KEY,
      number: 2n,
      generation: 1n,
    });
  });

  const line = {
    key: KEY,
    generation: 1n,
    uid: randomUUID(),
    sha256: new Uint8Array(32),
    deleted: false,
  };
  it.each([
    ['names a key twice', 0n, [line, line]],
    ['names what can not be sent', 0n, [{ ...line, key: 'secrets/a/b' }]],
    ['has a hash that is none', 0n, [{ ...line, sha256: new Uint8Array(3) }]],
    ['has a hash of what is deleted', 0n, [{ ...line, deleted: true }]],
    ['has no uid', 0n, [{ ...line, uid: '' }]],
    ['has no generation', 0n, [{ ...line, generation: 0n }]],
    ['has too high a generation', 0n, [{ ...line, generation: 1n << 60n }]],
    ['includes frames that were not sent', 1n, [line]],
  ])('ends the session if it %s', async (_, upToNumber, entries) => {
    const { operator } = await setUp();
    const session = await operator.hello();
    await session.receive('welcome');
    session.send({ case: 'digest', value: { upToNumber, entries } });
    expect(await session.ended()).toMatchObject({ code: Code.InvalidArgument });
    expect(await database.db('behind_keys').where({ uid: line.uid })).toEqual(
      [],
    );
  });
});
