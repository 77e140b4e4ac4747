import { Code } from '@connectrpc/connect';
import { randomUUID } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { ScriptedOperator } from '../__testUtils__/ScriptedOperator';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { TestLink } from '../__testUtils__/TestLink';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { KEY_ROTATION } from './KeyRotation';

const ROTATES = { capabilities: [KEY_ROTATION] };

describe('the rotation of a key', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  const request = (link: TestLink, operator: ScriptedOperator) =>
    database.db.transaction(tx =>
      link.link.rotations.request(tx, operator.cluster.id),
    );

  it('has no gap: both keys are good until the new one has opened a session', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const present = operator.publicKey;
    const first = await operator.connect(ROTATES);

    await request(link, operator);
    operator.announceKey(
      first.session,
      await first.session.receive('rotateKey'),
    );
    const drain = await first.session.receive('drain');
    first.session.close();

    expect(drain.spreadMs).toBe(0);
    expect(await first.session.ended()).toBeUndefined();
    expect(link.registry.keysOf(operator.cluster)).toHaveLength(2);
    const again = await operator.connect(ROTATES); // did not get to use the new one
    expect(again.welcome.epoch).toBe(2n);

    operator.useNextKey();
    const next = await operator.connect(ROTATES);
    expect(next.welcome.epoch).toBe(3n);
    expect(link.registry.keysOf(operator.cluster)).toEqual([
      operator.publicKey,
    ]);
    expect(operator.publicKey).not.toEqual(present);
    expect(await link.row(operator)).toMatchObject({
      rotation_completed_at: expect.any(Date),
    });
    operator.useFormerKey();
    expect(await (await operator.hello()).ended()).toMatchObject({
      code: Code.Unauthenticated,
    });
  });

  it('is asked for when the operator is back, once a session, until it is done', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const wish = await request(link, operator);
    expect(await request(link, operator)).toEqual(wish);

    const { session } = await operator.connect(ROTATES);
    const first = await session.receive('rotateKey');
    await session.receive('heartbeat');
    await session.receive('heartbeat');
    expect(session.unexpected).toEqual([]);

    const later = await operator.connect(ROTATES);
    expect(await later.session.receive('rotateKey')).toEqual(first);
  });

  it('is not asked of an operator that can not, nor wished for where that is known', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    await request(link, operator);
    const { session } = await operator.connect();
    await session.receive('heartbeat');
    await session.receive('heartbeat');
    expect(session.seen).not.toContain('rotateKey');
    expect(await request(link, operator)).toEqual({ outcome: 'unsupported' });
  });

  it.each([
    [
      'another session key',
      (operator: ScriptedOperator) => operator.changeKey(),
    ],
    ['another id', undefined],
  ])('ends a session whose new key is signed for %s', async (_, change) => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect(ROTATES);
    await request(link, operator);
    const asked = await session.receive('rotateKey');

    change?.(operator);
    operator.announceKey(
      session,
      change ? asked : { ...asked, id: randomUUID() },
    );

    expect(await session.ended()).toMatchObject({ code: Code.InvalidArgument });
    expect(link.registry.keysOf(operator.cluster)).toHaveLength(1);
  });

  it('keeps no key that comes after the wish was taken back by a revocation', async () => {
    const link = await links.start({ periods: { heartbeat: 200 } });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect(ROTATES);
    await request(link, operator);
    const asked = await session.receive('rotateKey');
    const revoking = await database.db.transaction();
    await link.link.fence.fence(revoking, operator.cluster.id, 'revoked');

    operator.announceKey(session, asked); // waits for the lock of the link row
    await revoking.commit();

    expect(await session.ended()).toMatchObject({ code: Code.Aborted });
    expect(link.registry.keysOf(operator.cluster)).toHaveLength(1);
  });
});

describe('the revocation of a key', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  const listening = () =>
    database
      .db('pg_stat_activity')
      .whereRaw('datname = current_database()')
      .whereLike('query', 'LISTEN %kubenova_links%')
      .pluck('pid');

  it('ends the session at once, by a nudge', async () => {
    const link = await links.start({ periods: { heartbeat: 60_000 } });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    await eventually(listening, ({ length }) => length > 0);

    link.registry.revoke(operator.cluster);
    await database.db.transaction(tx =>
      link.link.fence.fence(tx, operator.cluster.id, 'revoked'),
    );

    expect(await session.ended()).toMatchObject({ code: Code.Aborted });
    expect(await (await operator.hello()).ended()).toMatchObject({
      code: Code.PermissionDenied,
      rawMessage: expect.stringContaining('make a new join command'),
    });
  });

  it('ends the session at the next renewal where the nudge is lost', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    link.registry.revoke(operator.cluster);
    await database
      .db('links') // what `fence` does, without its NOTIFY
      .where({ cluster_id: operator.cluster.id })
      .increment('epoch', 1);

    expect(await session.ended()).toMatchObject({ code: Code.Aborted });
  });

  it('lets an operator with a new key and a new token in', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    await operator.connect();
    link.registry.revoke(operator.cluster);
    await database.db.transaction(tx =>
      link.link.fence.fence(tx, operator.cluster.id, 'revoked'),
    );
    operator.changeKey();
    const token = randomUUID();
    link.registry.add(operator.cluster, token);

    await operator.enroll(token);

    expect((await operator.connect()).welcome.epoch).toBe(3n);
  });
});
