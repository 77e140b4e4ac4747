import { eventually } from '../__testUtils__/eventually';
import { FakeOperatorRegistry } from '../__testUtils__/FakeOperatorRegistry';
import { OperatorLinkProcess } from '../__testUtils__/OperatorLinkProcess';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { TestLink } from '../__testUtils__/TestLink';
import { useTestLinks } from '../__testUtils__/useTestLinks';

jest.setTimeout(60_000);

/** What people see of a refusal at both ends: the condition in the cluster, and the report of the Manager. */
describe('the refusal of the real operator', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);
  const operators: OperatorLinkProcess[] = [];
  afterEach(async () => {
    await Promise.all(operators.splice(0).map(operator => operator.remove()));
  });

  const reportOf = (link: TestLink, operator: OperatorLinkProcess) =>
    link.link.reports.read(database.db, operator.clusterId);

  async function connected() {
    const link = await links.start();
    const operator = await OperatorLinkProcess.create(link);
    operators.push(operator);
    operator.start(link);
    await eventually(
      () => reportOf(link, operator),
      report => report.state === 'open',
    );
    return { link, operator };
  }

  async function refusal(link: TestLink, operator: OperatorLinkProcess) {
    const report = await eventually(
      () => reportOf(link, operator),
      seen => seen.refusal !== undefined,
    );
    const condition = await eventually(
      () => operator.news.at(-1)?.condition,
      seen => seen?.message.includes('refused this operator') === true,
    );
    return { report, condition };
  }

  it('for a key that was revoked shows at both ends', async () => {
    const { link, operator } = await connected();

    link.registry.revoke(operator.cluster);
    await database.db.transaction(tx =>
      link.link.fence.fence(tx, operator.clusterId, 'The key was revoked.'),
    );

    const { report, condition } = await refusal(link, operator);
    expect(report).toMatchObject({
      state: 'closed',
      refusal: { reason: 'revoked', remoteAddress: '127.0.0.1' },
      recentErrors: [{ reason: 'fenced', count: 1 }],
    });
    expect(condition).toMatchObject({
      status: 'False',
      reason: 'PermissionDenied',
      message: `The Manager refused this operator: ${report.refusal?.message} It asks again every 5 minutes.`,
    });
  });

  it('for an operator that is not known shows at both ends, and is gone when it is let in', async () => {
    const { link, operator } = await connected();
    await operator.end();
    const stranger = await links.start({
      registry: new FakeOperatorRegistry(),
    });
    stranger.registry.add(operator.cluster, 'another token');

    operator.start(stranger);
    const { report, condition } = await refusal(stranger, operator);
    expect(report.refusal?.reason).toBe('unknown_operator');
    expect(condition?.reason).toBe('PermissionDenied');

    await operator.end();
    operator.start(link);
    await eventually(
      () => reportOf(link, operator),
      seen => seen.state === 'open' && seen.refusal === undefined,
    );
  });
});
