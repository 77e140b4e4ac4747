import { randomBytes } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { OperatorLinkProcess } from '../__testUtils__/OperatorLinkProcess';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';

jest.setTimeout(60_000);

describe('calls to the real operator', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);
  const operators: OperatorLinkProcess[] = [];
  afterEach(async () => {
    await Promise.all(operators.splice(0).map(operator => operator.remove()));
  });

  /** An operator whose link another replica holds than the one that asks. */
  async function connected() {
    const holder = await links.start();
    const asker = await links.start({ registry: holder.registry });
    const operator = await OperatorLinkProcess.create(holder);
    operators.push(operator);
    operator.start(holder);
    await eventually(
      () => asker.link.reports.read(database.db, operator.clusterId),
      report => report.state === 'open',
    );
    const ask = (method: string, payload?: Uint8Array) =>
      asker.link.calls.ask({
        clusterId: operator.clusterId,
        method,
        payload,
        deadlineMs: 30_000,
      });
    return { operator, ask };
  }

  it('are answered, in as many parts as it takes, and more than a window of them', async () => {
    const { ask } = await connected();
    const small = randomBytes(16);
    expect(await ask('ping', small)).toEqual({
      outcome: 'answered',
      answer: small,
    });

    const large = randomBytes(40 * 14 * 1024);
    const answer = await ask('ping', large);
    expect(answer.outcome).toBe('answered');
    expect(answer.outcome === 'answered' && large.equals(answer.answer)).toBe(
      true,
    );
  });

  it('fail where it knows no such method', async () => {
    const { ask } = await connected();
    expect(await ask('logs')).toEqual({
      outcome: 'failed',
      message: expect.stringContaining('does not know the method logs'),
    });
  });

  it('are not connected any more once it has ended', async () => {
    const { operator, ask } = await connected();
    await operator.end();
    const answer = await eventually(
      () => ask('ping'),
      seen => seen.outcome === 'not_connected',
    );
    expect(answer).toHaveProperty('since', expect.any(Date));
  });
});
