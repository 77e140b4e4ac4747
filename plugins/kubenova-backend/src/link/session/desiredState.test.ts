import { Code } from '@connectrpc/connect';
import { createHash, randomUUID } from 'node:crypto';
import { ApplyOutcome, ApplyYaml } from '@kubenova/proto';
import { eventually } from '../__testUtils__/eventually';
import { ScriptedOperator } from '../__testUtils__/ScriptedOperator';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { TestLink } from '../__testUtils__/TestLink';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { WINDOW_BYTES, WINDOW_FRAMES } from './DesiredStatePump';

describe('desired state on its way to an operator', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  async function setUp() {
    const link = await links.start();
    return { link, operator: await link.enrolledOperator() };
  }

  function put(
    { link, operator }: { link: TestLink; operator: ScriptedOperator },
    key: string,
    yaml: string,
    uid: string = randomUUID(),
  ) {
    return database.db.transaction(tx =>
      link.link.outbox.put(tx, {
        clusterId: operator.cluster.id,
        key,
        uid,
        yaml,
      }),
    );
  }

  function remove(
    { link, operator }: { link: TestLink; operator: ScriptedOperator },
    key: string,
    uid: string,
  ) {
    return database.db.transaction(tx =>
      link.link.outbox.remove(tx, { clusterId: operator.cluster.id, key, uid }),
    );
  }

  async function read(
    { operator }: { operator: ScriptedOperator },
    key: string,
  ) {
    return database
      .db('desired_states')
      .where({ cluster_id: operator.cluster.id, key })
      .first();
  }

  it('comes with the generation, the uid and the hash of its bytes', async () => {
    const test = await setUp();
    const { session } = await test.operator.connect();
    const uid = randomUUID();

    await put(test, 'tenants/acme', 'name: Ämter\n', uid);

    const frame = await session.receive('applyYaml');
    expect(frame).toMatchObject({
      number: 1n,
      key: 'tenants/acme',
      generation: 1n,
      uid,
      content: { case: 'yaml' },
    });
    expect(textOf(frame)).toBe('name: Ämter\n');
    expect(Buffer.from(frame.sha256)).toEqual(
      createHash('sha256').update('name: Ämter\n').digest(),
    );
  });

  it('that was written while the operator was away comes when it connects, the newest only', async () => {
    const test = await setUp();
    const uid = randomUUID();
    await put(test, 'tenants/acme', 'version: 1', uid);
    await put(test, 'tenants/acme', 'version: 2', uid);
    await put(test, 'tenants/acme', 'version: 3', uid);

    const { session } = await test.operator.connect();

    const frame = await session.receive('applyYaml');
    expect(textOf(frame)).toBe('version: 3');
    session.accept(frame);
    await eventually(
      () => read(test, 'tenants/acme'),
      row => row.accepted_generation === '3',
    );
    expect(session.unexpected).toEqual([]);
  });

  it('comes in the order configuration, tenants, applications, and tombstones in reverse', async () => {
    const test = await setUp();
    const gone = { tenant: randomUUID(), app: randomUUID() };
    await put(test, 'tenants/gone', 'a: 1', gone.tenant);
    await put(test, 'applications/gone/app', 'a: 1', gone.app);
    const first = await test.operator.connect();
    for (const _ of ['tenants/gone', 'applications/gone/app']) {
      first.session.accept(await first.session.receive('applyYaml'));
    }
    await eventually(
      () => read(test, 'applications/gone/app'),
      row => row.accepted_generation !== null,
    );
    test.operator.disconnect();

    await remove(test, 'tenants/gone', gone.tenant);
    await remove(test, 'applications/gone/app', gone.app);
    await put(test, 'applications/acme/web', 'a: 1');
    await put(test, 'tenants/acme', 'a: 1');
    await put(test, 'cluster/config', 'a: 1');
    test.operator.incarnation = randomUUID(); // its journal was lost: everything is sent again
    test.operator.held.clear();
    const { session } = await test.operator.connect();

    const keys = [];
    for (let count = 0; count < 5; count += 1) {
      const frame = await session.receive('applyYaml');
      keys.push(`${frame.content.case} ${frame.key}`);
    }
    expect(keys).toEqual([
      'yaml cluster/config',
      'yaml tenants/acme',
      'yaml applications/acme/web',
      'tombstone applications/gone/app',
      'tombstone tenants/gone',
    ]);
  });

  it('that was not accepted comes again in the next session', async () => {
    const test = await setUp();
    await put(test, 'tenants/acme', 'a: 1');
    const first = await test.operator.connect();
    await first.session.receive('applyYaml');
    test.operator.disconnect();

    const { session } = await test.operator.connect();
    const frame = await session.receive('applyYaml');
    expect(frame).toMatchObject({ number: 1n, generation: 1n });
    session.accept(frame);
    await eventually(
      () => read(test, 'tenants/acme'),
      row => row.accepted_generation === '1',
    );
    test.operator.disconnect();

    // The keys of a third session show that the first is not sent any more.
    const third = await test.operator.connect();
    await put(test, 'tenants/other', 'a: 1');
    expect(await third.session.receive('applyYaml')).toMatchObject({
      key: 'tenants/other',
    });
  });

  it('stays within the window until frames are accepted', async () => {
    const test = await setUp();
    for (let index = 0; index < WINDOW_FRAMES + 3; index += 1) {
      await put(test, `tenants/t${index}`, `index: ${index}`);
    }
    const { session } = await test.operator.connect();
    const frames = [];
    for (let index = 0; index < WINDOW_FRAMES; index += 1) {
      frames.push(await session.receive('applyYaml'));
    }
    await session.receive('heartbeat');
    await session.receive('heartbeat');
    expect(session.unexpected).toEqual([]);

    session.accept(frames[0]);
    session.accept(frames[1]);

    await session.receive('applyYaml');
    const last = await session.receive('applyYaml');
    expect(last.number).toBe(BigInt(WINDOW_FRAMES + 2));
  });

  it('of one tenant does not keep the single change of another one waiting', async () => {
    const test = await setUp();
    for (let index = 0; index < 3 * WINDOW_FRAMES; index += 1) {
      await put(test, `applications/acme/a${index}`, `index: ${index}`);
    }
    await put(test, 'applications/globex/web', 'a: 1');
    const { session } = await test.operator.connect();
    expect((await session.receive('applyYaml')).key).toBe(
      'applications/acme/a0',
    );
    expect((await session.receive('applyYaml')).key).toBe(
      'applications/globex/web',
    );
    for (let index = 1; index < WINDOW_FRAMES - 1; index += 1) {
      expect((await session.receive('applyYaml')).key).toBe(
        `applications/acme/a${index}`,
      );
    }
  });

  it('is the configuration without waiting for room in the window', async () => {
    const test = await setUp();
    for (let index = 0; index < WINDOW_FRAMES; index += 1) {
      await put(test, `tenants/t${index}`, `index: ${index}`);
    }
    const { session } = await test.operator.connect();
    for (let index = 0; index < WINDOW_FRAMES; index += 1) {
      await session.receive('applyYaml');
    }
    await put(test, 'tenants/last', 'a: 1');
    await put(test, 'cluster/config', 'a: 1');

    const configuration = await session.receive('applyYaml');
    expect(configuration.key).toBe('cluster/config');
    session.accept(configuration);
    await eventually(
      () => read(test, 'cluster/config'),
      row => row.accepted_generation !== null,
    );
    expect(session.unexpected).toEqual([]);
  });

  it('stays within the window by its size too', async () => {
    const test = await setUp();
    const half = 'x'.repeat(WINDOW_BYTES / 2);
    for (const name of ['a', 'b', 'c']) {
      await put(test, `tenants/${name}`, half);
    }
    const { session } = await test.operator.connect();
    const first = await session.receive('applyYaml');
    await session.receive('applyYaml');
    await session.receive('heartbeat');
    await session.receive('heartbeat');
    expect(session.unexpected).toEqual([]);
    session.accept(first);
    expect((await session.receive('applyYaml')).key).toBe('tenants/c');
  });

  it('may be 1 MiB large', async () => {
    const test = await setUp();
    const yaml = `a: ${'x'.repeat(1024 * 1024 - 3)}`;
    const { session } = await test.operator.connect();
    for (let index = 0; index < 6; index += 1) {
      await put(test, `applications/acme/a${index}`, yaml);
    }
    for (let index = 0; index < 6; index += 1) {
      const frame = await session.receive('applyYaml');
      expect(textOf(frame)).toHaveLength(1024 * 1024);
      session.accept(frame);
    }
  });

  it('needs no NOTIFY to be sent', async () => {
    const test = await setUp();
    const { session } = await test.operator.connect();
    await database.db.transaction(async tx => {
      // As the outbox writes it, without the nudge.
      await tx('links')
        .where({ cluster_id: test.operator.cluster.id })
        .update({ generation: 1 });
      await tx('desired_states').insert({
        cluster_id: test.operator.cluster.id,
        key: 'tenants/acme',
        uid: randomUUID(),
        generation: 1,
        tombstone: false,
        yaml: 'a: 1',
        sha256: createHash('sha256').update('a: 1').digest(),
        delivery_rank: 1,
      });
    });
    expect(await session.receive('applyYaml')).toMatchObject({
      key: 'tenants/acme',
    });
  });

  it('ends the session that accepts what was not sent', async () => {
    const test = await setUp();
    const { session } = await test.operator.connect();
    session.send({
      case: 'accepted',
      value: { key: 'tenants/acme', generation: 1n, number: 1n },
    });
    expect(await session.ended()).toMatchObject({ code: Code.InvalidArgument });
  });

  it('is sent by the newest session only', async () => {
    const test = await setUp();
    const other = await links.start({ registry: test.link.registry });
    const older = await test.operator.connect();
    const elsewhere = other.operatorOf(test.operator.cluster);
    elsewhere.processInstance = test.operator.processInstance;
    elsewhere.incarnation = test.operator.incarnation;
    elsewhere.useKeyOf(test.operator);
    const newer = await elsewhere.connect();
    expect(newer.welcome.epoch).toBe(2n);

    await put(test, 'tenants/acme', 'a: 1');

    const frame = await newer.session.receive('applyYaml');
    newer.session.accept(frame);
    expect(await older.session.ended()).toMatchObject({ code: Code.Aborted });
    expect(older.session.unexpected).toEqual([]);
  });

  it('keeps the name of what is being deleted until the operator says that it is gone', async () => {
    const test = await setUp();
    const uid = randomUUID();
    const { session } = await test.operator.connect();
    await put(test, 'tenants/acme', 'a: 1', uid);
    session.accept(await session.receive('applyYaml'));

    await remove(test, 'tenants/acme', uid);
    const frame = await session.receive('applyYaml');
    expect(frame).toMatchObject({ content: { case: 'tombstone' }, uid });
    session.accept(frame);
    test.operator.sendEvents(session, [
      applyResult(uid, 2n, ApplyOutcome.DELETING),
    ]);
    await session.receive('eventAck');
    await expect(put(test, 'tenants/acme', 'a: 2')).rejects.toThrow(
      'is still being deleted',
    );

    // Neither an older generation nor another object's confirmation counts.
    test.operator.sendEvents(session, [
      applyResult(uid, 1n, ApplyOutcome.DELETED),
      applyResult(randomUUID(), 2n, ApplyOutcome.DELETED),
    ]);
    await session.receive('eventAck');
    await expect(put(test, 'tenants/acme', 'a: 2')).rejects.toThrow(
      'is still being deleted',
    );

    test.operator.sendEvents(session, [
      applyResult(uid, 2n, ApplyOutcome.DELETED),
    ]);
    await session.receive('eventAck');
    expect(await put(test, 'tenants/acme', 'a: 2')).toEqual({ generation: 3 });
    expect(await session.receive('applyYaml')).toMatchObject({
      generation: 3n,
      content: { case: 'yaml' },
    });
  });
});

function textOf(frame: ApplyYaml): string {
  return frame.content.case === 'yaml'
    ? Buffer.from(frame.content.value).toString('utf8')
    : '';
}

function applyResult(uid: string, generation: bigint, outcome: ApplyOutcome) {
  const key = 'tenants/acme';
  return {
    key: `apply/${key}`,
    body: {
      case: 'applyResult' as const,
      value: { key, uid, generation, outcome, message: '' },
    },
  };
}
