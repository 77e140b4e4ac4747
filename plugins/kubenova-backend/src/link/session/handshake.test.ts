import { Code } from '@connectrpc/connect';
import { randomUUID } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';

describe('the handshake of a session', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  it('answers a signed Hello with a Welcome that raises the epoch', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();

    const { welcome } = await operator.connect();

    expect(welcome).toMatchObject({
      epoch: 1n,
      ackedSeq: 0n,
      heartbeatIntervalMs: 100,
    });
    expect(welcome.credit?.upToSeq).toBeGreaterThan(0n);
    expect(await link.row(operator)).toMatchObject({
      epoch: '1',
      open: true,
      stale: false,
      process_instance: operator.processInstance,
    });
    expect(link.changed).toContainEqual({
      kind: 'cluster',
      name: operator.cluster.name,
    });
  });

  it('tells who listens for sessions, in the transaction that opens one', async () => {
    const heard: unknown[] = [];
    const link = await links.start({
      sessionListeners: [
        {
          async opened(tx, session) {
            const row = await tx('links')
              .where({ cluster_id: session.clusterId })
              .first();
            heard.push({ ...session, epoch: row.epoch });
            return [{ kind: 'tenant', name: 'acme' }];
          },
        },
      ],
    });
    const operator = await link.enrolledOperator();

    await operator.connect();

    expect(heard).toEqual([
      expect.objectContaining({
        clusterId: operator.cluster.id,
        epoch: '1',
        operatorVersion: '0.1.0',
        kubernetesVersion: 'v1.36.3',
        remoteAddress: '127.0.0.1',
      }),
    ]);
    expect(link.changed).toContainEqual({ kind: 'tenant', name: 'acme' });
  });

  it('opens no session where a listener fails', async () => {
    const link = await links.start({
      sessionListeners: [
        {
          async opened() {
            throw new Error('the domain could not write');
          },
        },
      ],
    });
    const operator = await link.enrolledOperator();

    const session = await operator.hello();

    expect(await session.ended()).toMatchObject({ code: Code.Unavailable });
    expect(await link.row(operator)).toBeUndefined();
  });

  it('refuses a Hello that is signed with another key', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    operator.changeKey();

    const session = await operator.hello();

    expect(await session.ended()).toMatchObject({
      code: Code.Unauthenticated,
      rawMessage: expect.stringContaining('is not signed with the key'),
    });
    expect(await link.row(operator)).toMatchObject({ epoch: '0', open: false });
  });

  it('refuses a signature that was made for another process instance', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const session = await operator.hello({ processInstance: randomUUID() });
    expect(await session.ended()).toMatchObject({ code: Code.Unauthenticated });
  });

  it('refuses an operator that has not enrolled', async () => {
    const link = await links.start();
    const { operator } = await link.newOperator();
    const session = await operator.hello();
    expect(await session.ended()).toMatchObject({
      code: Code.PermissionDenied,
      rawMessage: expect.stringContaining('join it again'),
    });
  });

  it('refuses another version of the protocol', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const session = await operator.hello({ protocolVersion: 2 });
    expect(await session.ended()).toMatchObject({
      code: Code.FailedPrecondition,
    });
  });

  it('refuses ids that are no UUIDs', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const session = await operator.hello({ incarnation: 'first' });
    expect(await session.ended()).toMatchObject({ code: Code.InvalidArgument });
  });

  it.each([
    ['an unset frame', undefined],
    ['a heartbeat', { case: 'heartbeat' as const, value: {} }],
  ])('ends a session that opens with %s', async (_, frame) => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const session = operator.open();
    await session.receive('challenge');

    if (frame) {
      session.send(frame);
    } else {
      session.sendUnset();
    }

    expect(await session.ended()).toMatchObject({ code: Code.InvalidArgument });
  });

  it('ends a session without a Hello', async () => {
    const link = await links.start({ periods: { hello: 50 } });
    const operator = await link.enrolledOperator();
    const session = operator.open();
    expect(await session.ended()).toMatchObject({
      code: Code.DeadlineExceeded,
    });
  });

  it('lets the newest session of one process win', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const older = await operator.connect();

    const newer = await operator.connect();

    expect(newer.welcome.epoch).toBe(2n);
    expect(await older.session.ended()).toMatchObject({ code: Code.Aborted });
    expect(await link.row(operator)).toMatchObject({ epoch: '2', open: true });
  });

  it('lets another process wait until the first one says Bye', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const first = await operator.connect();
    operator.processInstance = randomUUID();

    const second = await operator.hello();
    await first.session.receive('heartbeat'); // still alive
    expect(second.unexpected).toEqual([]);
    first.session.send({ case: 'bye', value: { reason: 'restarting' } });

    expect(await second.receive('welcome')).toMatchObject({ epoch: 2n });
    expect(await first.session.ended()).toBeUndefined();
  });

  it('lets another process take over from one that is silent', async () => {
    const link = await links.start({ periods: { silence: 400 } });
    const operator = await link.enrolledOperator();
    await operator.connect();
    operator.processInstance = randomUUID();
    const { welcome } = await operator.connect();
    expect(welcome.epoch).toBe(2n);
  });

  it('refuses another process while the first one is alive', async () => {
    const link = await links.start({ periods: { silence: 400 } });
    const operator = await link.enrolledOperator();
    const first = await operator.connect();
    const alive = setInterval(
      () => first.session.send({ case: 'heartbeat', value: {} }),
      20,
    );
    operator.processInstance = randomUUID();

    const second = await operator.hello();

    expect(await second.ended()).toMatchObject({ code: Code.AlreadyExists });
    clearInterval(alive);
  });

  it('ends a session whose cluster is gone', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    await database.db('clusters').where({ id: operator.cluster.id }).delete();

    expect(await session.ended()).toMatchObject({ code: Code.Aborted });
  });

  it('ends a session of which nothing is heard', async () => {
    const link = await links.start({ periods: { silence: 150 } });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    expect(await session.ended()).toMatchObject({
      code: Code.DeadlineExceeded,
    });
    await eventually(
      () => link.row(operator),
      row => row.open === false,
    );
  });

  it('writes that a session is over when its connection breaks', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    await operator.connect();

    operator.disconnect();

    expect(
      await eventually(
        () => link.row(operator),
        row => row.open === false,
      ),
    ).toMatchObject({ epoch: '1', stale: false });
  });

  it('drains its sessions when it stops', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    const stopped = link.link.stop();
    const drain = await session.receive('drain');
    session.close();

    expect(drain.spreadMs).toBeGreaterThan(0);
    expect(await session.ended()).toBeUndefined();
    await stopped;
    expect(await link.row(operator)).toMatchObject({ open: false });
  });
});
