import { randomUUID } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';

describe('the refusal of an operator', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  it('is written for the page of the cluster, and cleared by the next session', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const refused = await operator.hello({ protocolVersion: 7 });
    const end = await refused.ended();

    expect(await link.row(operator)).toMatchObject({
      epoch: '0',
      refused_reason: 'unsupported_version',
      refused_message: end?.rawMessage,
      refused_address: '127.0.0.1',
      refused_at: expect.any(Date),
    });
    expect(link.changed).toContainEqual({
      kind: 'cluster',
      name: operator.cluster.name,
    });

    await operator.connect();
    expect(await link.row(operator)).toMatchObject({
      refused_reason: null,
      refused_message: null,
      refused_address: null,
      refused_at: null,
    });
  });

  it('tells another key, one that was revoked, and none at all apart', async () => {
    const link = await links.start();
    const stranger = await link.enrolledOperator();
    stranger.changeKey();
    const revoked = await link.enrolledOperator();
    link.registry.revoke(revoked.cluster);
    const { operator: early } = await link.newOperator();

    const reasons: string[] = [];
    for (const operator of [stranger, revoked, early]) {
      await (await operator.hello()).ended();
      reasons.push((await link.row(operator)).refused_reason);
    }

    expect(reasons).toEqual(['bad_signature', 'revoked', 'unknown_operator']);
  });

  it('of a second process leaves the session of the first alone', async () => {
    const link = await links.start({ periods: { silence: 400 } });
    const operator = await link.enrolledOperator();
    const first = await operator.connect();
    const alive = setInterval(
      () => first.session.send({ case: 'heartbeat', value: {} }),
      20,
    );
    operator.processInstance = randomUUID();

    await (await operator.hello()).ended();
    clearInterval(alive);

    expect(await link.row(operator)).toMatchObject({
      epoch: '1',
      open: true,
      refused_reason: 'held_elsewhere',
    });
  });

  it('who names a cluster that does not exist leaves nothing in the database', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    await database.db('clusters').where({ id: operator.cluster.id }).delete();
    operator.cluster.novaClusterId = randomUUID();

    await (await operator.hello()).ended();

    expect(await link.row(operator)).toBeUndefined();
  });

  it('who holds a key that is revoked while the link is taken opens no session', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const held = await database.db.transaction();
    await held('links').insert({ cluster_id: operator.cluster.id });

    const session = await operator.hello();
    const waiting = () =>
      database
        .db('pg_stat_activity')
        .where({ wait_event_type: 'Lock' })
        .count<Array<{ count: string }>>();
    await eventually(waiting, ([{ count }]) => Number(count) > 0);
    link.registry.revoke(operator.cluster);
    await held.commit();

    expect((await session.ended())?.rawMessage).toContain('was revoked');
    expect(await link.row(operator)).toMatchObject({
      epoch: '0',
      open: false,
      refused_reason: 'revoked',
    });
  });
});
