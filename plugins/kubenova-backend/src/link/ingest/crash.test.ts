import { Code } from '@connectrpc/connect';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
import {
  ManagerNews,
  ManagerOptions,
} from './__testUtils__/managerUntilKilled';

const MANAGER = join(__dirname, '__testUtils__/managerUntilKilled.ts');

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

/** The Manager's link in a process of its own. */
class ManagerProcess {
  readonly #child: ChildProcess;
  readonly #news: ManagerNews[] = [];

  constructor(options: ManagerOptions) {
    this.#child = spawn(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        MANAGER,
        JSON.stringify(options),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    createInterface({ input: this.#child.stdout! }).on('line', line =>
      this.#news.push(JSON.parse(line)),
    );
  }

  async listening(): Promise<{ port: number; caPem: string }> {
    const news = await eventually(
      () => this.#news.find(said => 'listening' in said),
      said => said !== undefined,
    );
    return (news as Extract<ManagerNews, { listening: object }>).listening;
  }

  /** The connection on which it is about to commit. */
  async committing(): Promise<number> {
    const news = await eventually(
      () => this.#news.find(said => 'committing' in said),
      said => said !== undefined,
    );
    return (news as Extract<ManagerNews, { committing: number }>).committing;
  }

  goOn(): void {
    this.#child.stdin?.write('\n');
  }

  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

function tenantStatus(tenant: string): ScriptedEvent {
  return {
    key: `status/tenants/${tenant}`,
    body: {
      case: 'tenantStatus',
      value: { tenant, uid: 'uid', generation: 1n, phase: 'Ready' },
    },
  };
}
