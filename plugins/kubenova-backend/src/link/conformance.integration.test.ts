import { DateTime } from 'luxon';
import { randomUUID } from 'node:crypto';
import { eventually } from './__testUtils__/eventually';
import { OperatorLinkProcess } from './__testUtils__/OperatorLinkProcess';
import { useTestDatabase } from './__testUtils__/testDatabase';
import { TestLink } from './__testUtils__/TestLink';
import { useTestLinks } from './__testUtils__/useTestLinks';
import { BehindDecisions } from './behind/BehindDecisions';
import { EventHandler } from './types';

jest.setTimeout(60_000);

/**
 * Both ends as they ship, with a real Postgres below the one and a real journal below the other: that what each says is what the other
 * expects. The table of proto/conformance, in which one side is scripted, has the rules one by one.
 */
describe('the real operator and the real Manager', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);
  const operators: OperatorLinkProcess[] = [];
  let told: string[];

  beforeEach(() => {
    told = [];
  });
  afterEach(async () => {
    await Promise.all(operators.splice(0).map(operator => operator.remove()));
  });

  const telling: EventHandler = {
    types: ['tenantStatus'],
    async handle(_tx, events) {
      for (const { event } of events) {
        if (event.type === 'tenantStatus') {
          told.push(event.tenant);
        }
      }
      return [];
    },
  };

  async function setUp() {
    const link = await links.start({ handlers: [telling] });
    const operator = await OperatorLinkProcess.create(link);
    operators.push(operator);
    operator.start(link);
    await connected(operator);
    return { link, operator };
  }

  function connected(operator: OperatorLinkProcess) {
    return eventually(
      () => operator.news.at(-1)?.condition ?? operator.news,
      () => operator.news.some(({ condition }) => condition?.status === 'True'),
    );
  }

  function put(
    { link, operator }: { link: TestLink; operator: OperatorLinkProcess },
    key: string,
    yaml: string,
  ) {
    return database.db.transaction(tx =>
      link.link.outbox.put(tx, {
        clusterId: operator.clusterId,
        key,
        uid: randomUUID(),
        yaml,
      }),
    );
  }

  async function accepted({ operator }: { operator: OperatorLinkProcess }) {
    const row = await database
      .db('desired_states')
      .where({ cluster_id: operator.clusterId })
      .first();
    return row?.accepted_generation && Number(row.accepted_generation);
  }

  it('enrol, open a session, and move a desired state down until it is accepted', async () => {
    const test = await setUp();
    const yaml = 'name: Ämter\n';
    const { generation } = await put(test, 'tenants/acme', yaml);
    await eventually(
      () => accepted(test),
      value => value === generation,
    );
    expect(
      test.operator.news.find(({ desired }) => desired)?.desired,
    ).toMatchObject({ key: 'tenants/acme', generation, yaml });
  });

  it('carry each record once and in order, though the operator is killed', async () => {
    const test = await setUp();
    for (let i = 0; i < 40; i++) {
      test.operator.put(`a${i}`, 'record');
    }
    await eventually(
      () => told.length,
      count => count > 0,
    );
    await test.operator.end('SIGKILL');
    const before = told.length;
    test.operator.news.length = 0;

    test.operator.start(test.link);
    test.operator.put('last', 'record');
    await eventually(
      () => told,
      () => told.includes('last'),
    );
    expect(told).toEqual([
      ...Array.from({ length: told.length - 1 }, (_, i) => `a${i}`),
      'last',
    ]);
    expect(told.length).toBeGreaterThanOrEqual(before);
  });

  it('carry what was put and wanted while the Manager was away', async () => {
    const { link, operator } = await setUp();
    await link.stop();
    await eventually(
      () => operator.news.at(-1)?.condition?.status,
      status => status === 'False',
    );
    operator.put('acme', 'state');
    const { generation } = await put({ link, operator }, 'tenants/acme', 'a');
    await operator.end();

    const next = await links.start({
      handlers: [telling],
      registry: link.registry,
    });
    operator.start(next);
    await eventually(
      () => accepted({ operator }),
      value => value === generation,
    );
    await eventually(
      () => told.length,
      count => count > 0,
    );
    expect(told).toEqual(['acme']);
  });

  it('find out that the database was restored, and go on from what the datacenter has', async () => {
    const test = await setUp();
    const { clusterId } = test.operator;
    await put(test, 'tenants/acme', 'name: acme');
    await eventually(
      () => accepted(test),
      value => value === 1,
    );
    await put(test, 'tenants/lost', 'name: Ämter');
    await eventually(
      () => database.db('desired_states').where({ accepted_generation: 2 }),
      rows => rows.length === 1,
    );
    await test.operator.end();
    await database.db('desired_states').where({ key: 'tenants/lost' }).delete();
    await database
      .db('links')
      .where({ cluster_id: clusterId })
      .update({ generation: 1 });

    test.operator.news.length = 0;
    test.operator.start(test.link);
    const [lost] = await eventually(
      () => database.db('behind_keys').where({ cluster_id: clusterId }),
      rows => rows.length === 1 && rows[0].held_at !== null,
    );
    expect(lost).toMatchObject({ key: 'tenants/lost', yaml: 'name: Ämter' });
    await put(test, 'tenants/next', 'name: next');
    const decisions = new BehindDecisions({
      adopters: [
        {
          adopts: () => true,
          refusal: async () => undefined,
          adopt: async () => [],
        },
      ],
      changes: { changed: () => {} },
      clock: () => DateTime.utc(),
      database: database.db,
    });
    await decisions.decide(
      { id: clusterId, name: 'c' },
      { decision: 'adopt', actor: 'test' },
    );

    await eventually(
      () => test.operator.news,
      news => news.some(({ desired }) => desired?.key === 'tenants/next'),
    );
    await eventually(
      () => test.operator.news,
      news => news.some(({ snapshot }) => snapshot),
    );
    expect(
      test.operator.news.flatMap(({ desired }) => desired?.key ?? []),
    ).toEqual(['tenants/next']);
    expect(
      await database.db('desired_states').where({ key: 'tenants/lost' }),
    ).toMatchObject([{ generation: '2', accepted_generation: '2' }]);
  });

  it('part in good order', async () => {
    const { operator } = await setUp();
    expect(await operator.end()).toBe(0);
    const row = await database
      .db('links')
      .where({ cluster_id: operator.clusterId })
      .first();
    expect(row.close_reason).toBe('The operator stops.');
  });

  it('tell people why an operator is refused', async () => {
    const link = await links.start();
    const operator = await OperatorLinkProcess.create(link);
    operators.push(operator);
    const other = await links.start();
    // Another replica whose registry knows neither the token nor the cluster.
    operator.start(other);
    const condition = await eventually(
      () => operator.news.at(-1)?.condition,
      seen => seen?.reason === 'PermissionDenied',
    );
    expect(condition?.message).toMatch(/join token is not known/);
  });
});
