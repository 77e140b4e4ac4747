import { Code } from '@connectrpc/connect';
import { eventually } from '../__testUtils__/eventually';
import {
  ScriptedEvent,
  ScriptedOperator,
} from '../__testUtils__/ScriptedOperator';
import { ENCRYPTION_KEY } from '../__testUtils__/TestLink';
import { insertCluster, useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { CommitProxy } from './__testUtils__/CommitProxy';
import { CrashProjection } from './__testUtils__/CrashProjection';
import { ManagerProcess } from './__testUtils__/ManagerProcess';

describe('events whose commit nobody was told of (E4, E6)', () => {
  const database = useTestDatabase();
  let proxy: CommitProxy;

  beforeAll(() => CrashProjection.createTable(database.db));
  beforeEach(async () => {
    proxy = await CommitProxy.start(database.db);
  });
  afterEach(() => proxy.stop());
  const links = useTestLinks(database); // after the proxy, which is not theirs

  const projected = (operator: ScriptedOperator): Promise<string[]> =>
    database
      .db('crash_events')
      .where({ cluster_id: operator.cluster.id })
      .orderBy('tenant')
      .pluck('tenant');
  const goOn = new CrashProjection(() => {});

  it('are neither lost nor doubled where the connection breaks after the COMMIT', async () => {
    const db = proxy.connect();
    const through = new CrashProjection(port => {
      void proxy.loseCommit(port);
    });
    const broken = await links.start({ db, handlers: [through] });
    const operator = await broken.enrolledOperator();
    const { session } = await operator.connect();

    operator.sendEvents(session, [tenantStatus('a'), tenantStatus('b')]);

    // The same replica tries again, finds that the sequence is not where it was, and can't know why.
    expect(await session.ended()).toMatchObject({ code: Code.Aborted });
    expect(session.seen).not.toContain('eventAck');
    const other = await links.start({
      registry: broken.registry,
      handlers: [goOn],
    });
    const again = other.operatorOf(operator.cluster);
    again.useKeyOf(operator);
    again.incarnation = operator.incarnation;
    again.processInstance = operator.processInstance;
    again.assignedSeq = operator.assignedSeq;
    const { welcome, session: next } = await again.connect();
    expect(welcome.ackedSeq).toBe(2n);
    again.sendEvents(next, [tenantStatus('c')]);
    await next.receive('eventAck');
    expect(await projected(operator)).toEqual(['a', 'b', 'c']);

    await broken.stop();
    await db.destroy();
  });

  it('are neither lost nor doubled where the Manager is killed after the COMMIT', async () => {
    const cluster = await insertCluster(database.db);
    const manager = new ManagerProcess({
      connection: proxy.connection,
      encryptionKey: ENCRYPTION_KEY,
      cluster,
      token: 'good',
    });
    const listening = await manager.listening();
    const operator = new ScriptedOperator({
      url: `https://127.0.0.1:${listening.port}`,
      ca: listening.caPem,
      cluster,
    });
    await operator.enroll('good');
    const { session } = await operator.connect();

    operator.sendEvents(session, [tenantStatus('a'), tenantStatus('b')]);
    const committed = proxy.loseCommit(await manager.committing());
    manager.goOn();
    await committed;
    await manager.kill();

    await session.ended();
    expect(session.seen).not.toContain('eventAck');
    operator.disconnect();
    const link = await links.start({ handlers: [goOn] });
    link.registry.add(cluster, 'good');
    const again = link.operatorOf(cluster);
    again.useKeyOf(operator);
    again.incarnation = operator.incarnation;
    again.processInstance = operator.processInstance;
    again.assignedSeq = operator.assignedSeq;
    await again.enroll('good');
    const { welcome, session: next } = await eventually(
      () => again.connect(),
      opened => opened.welcome !== undefined,
    );
    expect(welcome.ackedSeq).toBe(2n);
    again.sendEvents(next, [tenantStatus('c')]);
    await next.receive('eventAck');
    expect(await projected(operator)).toEqual(['a', 'b', 'c']);
  });
});

function tenantStatus(tenant: string): ScriptedEvent {
  return {
    key: `status/tenants/${tenant}`,
    body: {
      case: 'tenantStatus',
      value: { tenant, uid: 'uid', generation: 1n, phase: 'Ready' },
    },
  };
}
