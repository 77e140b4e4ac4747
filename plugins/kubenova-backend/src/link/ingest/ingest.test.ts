import { Code } from '@connectrpc/connect';
import { ApplyOutcome } from '@kubenova/proto';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { eventually } from '../__testUtils__/eventually';
import { ScriptedEvent } from '../__testUtils__/ScriptedOperator';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { ChangedRef, EventHandler } from '../types';

describe('events on their way from an operator', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  beforeAll(async () => {
    await database.db.schema.createTable('projected', table => {
      table.uuid('cluster_id');
      table.text('tenant');
      table.bigInteger('generation');
    });
  });

  /** A projection that counts: whatever is applied twice shows. */
  function counting(
    before: (tenant: string) => Promise<void> = async () => {},
  ): EventHandler {
    return {
      types: ['tenantStatus'],
      async handle(tx: Knex.Transaction, events) {
        const changed: ChangedRef[] = [];
        for (const { cluster, event } of events) {
          if (event.type !== 'tenantStatus') {
            throw new Error(`A ${event.type} came to who did not ask for it`);
          }
          await before(event.tenant);
          await tx('projected').insert({
            cluster_id: cluster.id,
            tenant: event.tenant,
            generation: event.generation,
          });
          changed.push({ kind: 'tenant', name: event.tenant });
        }
        return changed;
      },
    };
  }

  async function projected(clusterId: string): Promise<string[]> {
    return database
      .db('projected')
      .where({ cluster_id: clusterId })
      .orderBy('tenant')
      .pluck('tenant');
  }

  it('are acknowledged when they are committed, and then told of', async () => {
    const link = await links.start({ handlers: [counting()] });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    operator.sendEvents(session, [tenantStatus('a'), tenantStatus('b')]);

    const ack = await session.receive('eventAck');
    expect(ack.ackedSeq).toBe(2n);
    expect(ack.credit?.upToSeq).toBeGreaterThan(2n);
    expect(await projected(operator.cluster.id)).toEqual(['a', 'b']);
    expect(await link.row(operator)).toMatchObject({ acked_seq: '2' });
    expect(link.changed).toEqual(
      expect.arrayContaining([
        { kind: 'tenant', name: 'a' },
        { kind: 'tenant', name: 'b' },
      ]),
    );
  });

  it('go to every handler of their type, and those of no handler are acknowledged', async () => {
    const link = await links.start({ handlers: [counting(), counting()] });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    operator.sendEvents(session, [
      tenantStatus('a'),
      { key: 'snapshot', body: { case: 'snapshotMark', value: { id: 'x' } } },
      usageRecord('a'),
    ]);

    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 3n });
    expect(await projected(operator.cluster.id)).toEqual(['a', 'a']);
  });

  it('must not have a gap', async () => {
    const link = await links.start({ handlers: [counting()] });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    operator.resendEvents(session, 2n, [tenantStatus('a')]);

    expect(await session.ended()).toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining('must not have a gap'),
    });
    expect(await projected(operator.cluster.id)).toEqual([]);
  });

  it('must not go beyond the credit', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session, welcome } = await operator.connect();
    const tooMany = Number(welcome.credit!.upToSeq) + 1;

    operator.sendEvents(
      session,
      Array.from({ length: tooMany }, () => tenantStatus('a')),
    );

    expect(await session.ended()).toMatchObject({ code: Code.InvalidArgument });
  });

  it('that are sent twice are acknowledged again and applied once', async () => {
    const link = await links.start({ handlers: [counting()] });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    operator.sendEvents(session, [tenantStatus('a'), tenantStatus('b')]);
    await session.receive('eventAck');

    operator.resendEvents(session, 1n, [tenantStatus('a'), tenantStatus('b')]);

    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 2n });
    operator.resendEvents(session, 2n, [tenantStatus('b'), tenantStatus('c')]);
    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 3n });
    expect(await projected(operator.cluster.id)).toEqual(['a', 'b', 'c']);
  });

  it('whose acknowledgement was lost with the connection are not applied again', async () => {
    const applying = gate();
    const link = await links.start({
      handlers: [counting(tenant => applying.pass(tenant === 'slow'))],
    });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    operator.sendEvents(session, [tenantStatus('slow')]);
    await applying.reached;
    operator.disconnect(); // between the projection and the acknowledgement
    applying.open();

    const again = await eventually(
      async () => operator.connect(),
      ({ welcome }) => welcome.ackedSeq === 1n,
    );

    operator.sendEvents(again.session, [tenantStatus('next')]);
    expect(await again.session.receive('eventAck')).toMatchObject({
      ackedSeq: 2n,
    });
    expect(await projected(operator.cluster.id)).toEqual(['next', 'slow']);
  });

  it('that could not be committed are tried again, none of them applied before', async () => {
    let failures = 2;
    const link = await links.start({
      handlers: [
        counting(async tenant => {
          if (tenant === 'b' && failures > 0) {
            failures -= 1;
            throw new Error('the disk is full');
          }
        }),
      ],
    });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    operator.sendEvents(session, [tenantStatus('a'), tenantStatus('b')]);

    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 2n });
    expect(failures).toBe(0);
    expect(await projected(operator.cluster.id)).toEqual(['a', 'b']);
  });

  it('of an older session are not written once a newer one is open', async () => {
    const link = await links.start({ handlers: [counting()] });
    const slow = await links.start({
      registry: link.registry,
      handlers: [counting()],
      periods: { heartbeat: 60_000 }, // so that it does not learn of the newer session
    });
    const operator = await link.enrolledOperator();
    const paused = slow.operatorOf(operator.cluster);
    paused.useKeyOf(operator);
    paused.processInstance = operator.processInstance;
    paused.incarnation = operator.incarnation;
    const older = await paused.connect();
    paused.sendEvents(older.session, [tenantStatus('first')]);
    await older.session.receive('eventAck');

    const newer = await operator.connect();
    expect(newer.welcome).toMatchObject({ epoch: 2n, ackedSeq: 1n });
    paused.sendEvents(older.session, [tenantStatus('stale')]);

    expect(await older.session.ended()).toMatchObject({ code: Code.Aborted });
    expect(await projected(operator.cluster.id)).toEqual(['first']);
    expect(await link.row(operator)).toMatchObject({
      acked_seq: '1',
      open: true,
    });
  });

  it('of a new incarnation start at 1', async () => {
    const link = await links.start({ handlers: [counting()] });
    const operator = await link.enrolledOperator();
    const first = await operator.connect();
    operator.sendEvents(first.session, [tenantStatus('a')]);
    await first.session.receive('eventAck');
    operator.disconnect();

    operator.incarnation = randomUUID();
    operator.assignedSeq = 0n;
    const { session, welcome } = await operator.connect();

    expect(welcome.ackedSeq).toBe(0n);
    operator.sendEvents(session, [tenantStatus('b')]);
    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 1n });
  });

  it('are followed by a snapshot where operator and Manager do not have the same past', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const first = await operator.connect();
    const request = await first.session.receive('snapshotRequest');
    expect(request.id).toMatch(/^[0-9a-f-]{36}$/);
    operator.sendEvents(first.session, [tenantStatus('a')]);
    operator.ackedSeq = (await first.session.receive('eventAck')).ackedSeq;

    const same = await operator.connect();
    await same.session.receive('heartbeat');
    expect(same.session.seen).toEqual(['challenge', 'welcome', 'heartbeat']);

    operator.ackedSeq = 7n; // the Manager's database was restored from a backup
    const restored = await operator.connect();
    expect(restored.welcome.ackedSeq).toBe(1n);
    await restored.session.receive('snapshotRequest');
  });

  it.each<[string, ScriptedEvent, string]>([
    [
      'has a word that is not known',
      { key: 'x', body: { case: 'tenantStatus', value: { phase: 'Dancing' } } },
      'UNREADABLE',
    ],
    ['has no body', { key: 'x', body: { case: undefined } }, 'UNREADABLE'],
    ['Postgres can not store', tenantStatus('nul\u0000'), '22021'],
  ])('are acknowledged around one that %s', async (_, poison, code) => {
    const link = await links.start({ handlers: [counting()] });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    operator.sendEvents(session, [
      tenantStatus('a'),
      poison,
      tenantStatus('b'),
    ]);

    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 3n });
    expect(await projected(operator.cluster.id)).toEqual(['a', 'b']);
    expect(
      await database
        .db('parked_events')
        .where({ cluster_id: operator.cluster.id })
        .select('seq', 'code', 'incarnation'),
    ).toEqual([{ seq: '2', code, incarnation: operator.incarnation }]);
  });

  it('of a bad release are not set aside by the dozen: the cluster is halted until they can be written', async () => {
    let bad = true;
    const projection = counting(async () => {
      if (bad) {
        throw Object.assign(new Error('value too long'), { code: '22001' });
      }
    });
    const link = await links.start({ handlers: [projection] });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    const parked = () =>
      database
        .db('parked_events')
        .where({ cluster_id: operator.cluster.id })
        .select();
    const names = Array.from({ length: 25 }, (_, i) => `t${i}`);

    operator.sendEvents(session, names.map(tenantStatus));

    await eventually(
      () => link.row(operator),
      row => row.poison_halted_at !== null,
    );
    expect(await parked()).toEqual([]);
    expect(await link.row(operator)).toMatchObject({ acked_seq: '0' });

    bad = false;
    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 25n });
    expect(await projected(operator.cluster.id)).toHaveLength(25);
    expect(await parked()).toEqual([]);
    expect(await link.row(operator)).toMatchObject({ poison_halted_at: null });
  });

  it('of a bad release do not halt other clusters', async () => {
    let badId = '';
    const projection = counting(async () => {});
    const link = await links.start({
      handlers: [
        {
          types: projection.types,
          async handle(tx, events) {
            if (events.some(({ cluster }) => cluster.id === badId)) {
              await tx.raw("SELECT CAST('poison' AS integer)");
            }
            return projection.handle(tx, events);
          },
        },
      ],
    });
    const [bad, good] = [
      await link.enrolledOperator(),
      await link.enrolledOperator(),
    ];
    badId = bad.cluster.id;
    const halted = await bad.connect();
    const { session } = await good.connect();
    bad.sendEvents(
      halted.session,
      Array.from({ length: 25 }, (_, i) => tenantStatus(`t${i}`)),
    );
    await eventually(
      () => link.row(bad),
      row => row.poison_halted_at !== null,
    );

    good.sendEvents(session, [tenantStatus('a')]);

    expect(await session.receive('eventAck')).toMatchObject({ ackedSeq: 1n });
    expect(await projected(good.cluster.id)).toEqual(['a']);
  });

  it('are asked for once more where a state was set aside, once a session', async () => {
    const link = await links.start({ handlers: [counting()] });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();
    await session.receive('snapshotRequest'); // of everything: the journal is new

    operator.sendEvents(session, [tenantStatus('nul\u0000')]);

    const request = await session.receive('snapshotRequest');
    expect(request.keys).toEqual(['status/tenants/nul\u0000']);
    operator.sendEvents(session, [tenantStatus('nul\u0000')]);
    operator.sendEvents(session, [tenantStatus('b')]);
    await eventually(
      () => projected(operator.cluster.id),
      tenants => tenants.includes('b'),
    );
    expect(
      session.seen.filter(frame => frame === 'snapshotRequest'),
    ).toHaveLength(2);
  });

  it('tell what became of a desired state, unless a newer outcome is known', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const uid = randomUUID();
    const where = { clusterId: operator.cluster.id, key: 'tenants/acme', uid };
    await database.db.transaction(async tx => {
      await link.link.outbox.put(tx, { ...where, yaml: 'a: 1' });
      await link.link.outbox.put(tx, { ...where, yaml: 'a: 2' });
    });
    const { session } = await operator.connect();
    await session.receive('applyYaml');

    operator.sendEvents(session, [
      applyResult(uid, 2n, ApplyOutcome.FAILED, 'quota exceeded'),
      applyResult(uid, 1n, ApplyOutcome.APPLIED, ''),
      applyResult(randomUUID(), 2n, ApplyOutcome.APPLIED, ''),
    ]);
    await session.receive('eventAck');

    expect(
      await database
        .db('desired_states')
        .where({ cluster_id: operator.cluster.id })
        .first(),
    ).toMatchObject({
      result_generation: '2',
      outcome: 'Failed',
      message: 'quota exceeded',
    });
  });
});

function tenantStatus(tenant: string): ScriptedEvent {
  return {
    key: `status/tenants/${tenant}`,
    body: {
      case: 'tenantStatus',
      value: { tenant, uid: randomUUID(), generation: 1n, phase: 'Ready' },
    },
  };
}

function usageRecord(tenant: string): ScriptedEvent {
  return {
    key: `usage/${tenant}/2026-11-24T05:00:00Z`,
    body: {
      case: 'usageRecord',
      value: {
        tenant,
        hour: { seconds: 1_795_500_000n },
        minutes: 1n,
        meters: [{ meter: 'pods', unit: 'count-minutes', quantity: '3' }],
      },
    },
  };
}

function applyResult(
  uid: string,
  generation: bigint,
  outcome: ApplyOutcome,
  message: string,
): ScriptedEvent {
  const key = 'tenants/acme';
  return {
    key: `apply/${key}`,
    body: {
      case: 'applyResult',
      value: { key, uid, generation, outcome, message },
    },
  };
}

/** A place at which a handler can be held. */
function gate() {
  let reach!: () => void;
  let open!: () => void;
  const reached = new Promise<void>(resolve => {
    reach = resolve;
  });
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return {
    reached,
    open,
    async pass(held: boolean): Promise<void> {
      if (held) {
        reach();
        await opened;
      }
    },
  };
}
