import {
  Bindings,
  CASES,
  ConformanceCase,
  runCase,
} from '@kubenova/proto/conformance/index.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { ManagerSubject } from './__testUtils__/conformance/ManagerSubject';
import { OperatorWire } from './__testUtils__/conformance/OperatorWire';
import { useTestDatabase } from './__testUtils__/testDatabase';
import { useTestLinks } from './__testUtils__/useTestLinks';
import { EventHandler, TenantStatusEvent } from './types';

/** The table of proto/conformance against the real Manager, on a real Postgres and over TLS; the operator is scripted. */
describe('the Manager keeps to the protocol', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);
  const wires: OperatorWire[] = [];

  afterEach(() => {
    wires.splice(0).forEach(wire => wire.disconnect());
  });

  const cases = CASES.filter(({ only }) => only?.side !== 'operator');

  it.each(cases.map(each => [each.rules.join(' '), each.name, each] as const))(
    '%s: %s',
    async (_rules, _name, conformanceCase) => {
      await expect(run(conformanceCase)).resolves.toBeUndefined();
    },
  );

  async function run(conformanceCase: ConformanceCase): Promise<void> {
    const told: string[] = [];
    const { hello, silence } = conformanceCase.periods ?? {};
    const link = await links.start({
      handlers: [telling(told)],
      periods: { ...(hello && { hello }), ...(silence && { silence }) },
    });
    const wire = await OperatorWire.create(link);
    wires.push(wire);
    const { cluster } = wire;
    const subject = new ManagerSubject({
      db: database.db,
      link,
      cluster,
      told,
    });
    const bindings = new Bindings({
      cluster: cluster.novaClusterId,
      installation: link.link.address.installationId,
      signer: wire,
      random: { uuid: randomUUID, bytes: () => randomBytes(32) },
    });
    await runCase(conformanceCase, {
      real: 'manager',
      wire,
      subject,
      bindings,
    });
    wire.disconnect();
    await subject.settled();
  }
});

/** A domain that remembers what it was told of tenants. */
function telling(told: string[]): EventHandler<TenantStatusEvent> {
  return {
    types: ['tenantStatus'],
    async handle(_tx, events) {
      told.push(...events.map(({ event }) => `${event.tenant} ${event.phase}`));
      return [];
    },
  };
}
