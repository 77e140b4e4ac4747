import { eventually } from '../__testUtils__/eventually';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';

describe('a session that is drained', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  it('is one that has lived for long enough; the next one is on a connection of its own (S4)', async () => {
    const link = await links.start({ periods: { session: 300 } });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    await session.receive('drain');
    session.close();

    expect(await session.ended()).toBeUndefined();
    expect(
      await eventually(
        () => link.row(operator),
        row => row.open === false,
      ),
    ).toMatchObject({
      close_reason: 'The session has lived for long enough',
    });
    await operator.connect();
    expect(operator.dialled).toBe(2);
  });

  it('would be followed on the same connection, were it not for the GOAWAY', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    session.close();
    await session.ended();

    await operator.connect();

    expect(operator.dialled).toBe(1);
  });

  it('has what it received acknowledged before it ends', async () => {
    const link = await links.start({
      periods: { session: 400 },
    });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    await session.receive('drain');

    operator.sendEvents(session, [
      { key: 'lifecycle/1', body: { case: undefined, value: undefined } },
    ]);
    session.close();

    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 1n });
    expect(await session.ended()).toBeUndefined();
  });
});
