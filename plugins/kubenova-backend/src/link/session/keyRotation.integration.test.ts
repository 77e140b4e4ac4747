import { randomUUID } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { OperatorLinkProcess } from '../__testUtils__/OperatorLinkProcess';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { TestLink } from '../__testUtils__/TestLink';
import { useTestLinks } from '../__testUtils__/useTestLinks';

jest.setTimeout(60_000);

describe('the key of the real operator', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);
  const operators: OperatorLinkProcess[] = [];
  afterEach(async () => {
    await Promise.all(operators.splice(0).map(operator => operator.remove()));
  });

  const row = (operator: OperatorLinkProcess) =>
    database.db('links').where({ cluster_id: operator.clusterId }).first();
  const isOpen = (operator: OperatorLinkProcess) =>
    eventually(
      () => row(operator),
      link => link?.open === true,
    );

  async function setUp() {
    const link = await links.start();
    const operator = await OperatorLinkProcess.create(link);
    operators.push(operator);
    operator.start(link);
    await isOpen(operator);
    return { link, operator };
  }

  const rotate = (link: TestLink, operator: OperatorLinkProcess) =>
    database.db.transaction(tx =>
      link.link.rotations.request(tx, operator.clusterId),
    );

  it('is replaced without a gap, also where the operator starts again meanwhile', async () => {
    const { link, operator } = await setUp();
    const [before] = link.registry.keysOf(operator.cluster);

    await rotate(link, operator);
    await operator.end('SIGKILL');
    operator.start(link);

    await eventually(
      () => row(operator),
      found => found.rotation_completed_at !== null && found.open,
    );
    const after = link.registry.keysOf(operator.cluster);
    expect(after).toHaveLength(1);
    expect(after[0]).not.toEqual(before);
    expect(await row(operator)).toMatchObject({ refused_reason: null });
  });

  it('is refused once it is revoked, until a new join token brings a new key', async () => {
    const { link, operator } = await setUp();
    const [before] = link.registry.keysOf(operator.cluster);

    link.registry.revoke(operator.cluster);
    await database.db.transaction(tx =>
      link.link.fence.fence(tx, operator.clusterId, 'revoked'),
    );
    await eventually(
      () => row(operator),
      found => found.refused_reason === 'revoked',
    );

    const token = randomUUID();
    link.registry.add(operator.cluster, token);
    await operator.end();
    operator.join(token);
    operator.start(link);

    await isOpen(operator);
    const [after] = link.registry.keysOf(operator.cluster);
    expect(after).not.toEqual(before);
  });
});
