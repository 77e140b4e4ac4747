import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { answerCall } from '../link/__testUtils__/answerCall';
import { eventually } from '../link/__testUtils__/eventually';
import { ScriptedOperator } from '../link/__testUtils__/ScriptedOperator';
import type { ScriptedSession } from '../link/__testUtils__/ScriptedSession';
import { DatabaseLinkErrors } from '../link/errors/LinkErrors';
import { expectRefusal, type Refusal } from '../__testUtils__/refusals';
import { useTestManager } from '../__testUtils__/useTestManager';

const DIAGNOSTICS = {
  takenAt: '2026-11-24T06:00:00.000Z',
  operatorVersion: '0.1.0',
  kubernetesVersion: 'v1.36.3',
  nodeVersion: '24.21.0',
  uptimeSeconds: 12,
  rssBytes: 94_371_840,
  leaseHolder: 'operator-0_1234',
  incarnation: '0b5c2a9e-0b1f-4d53-8a53-7a8d6a1f0a11',
  ackedSeq: 41,
  assignedSeq: 42,
  highestEpoch: 1,
  highestGeneration: 1,
  journal: {
    depth: 1,
    oldestAt: '2026-11-24T05:59:00.000Z',
    bytes: 2_048,
    budgetBytes: 268_435_456,
  },
  recentErrors: [
    {
      at: '2026-11-24T05:58:00.000Z',
      level: 'warn',
      message: 'the network went away',
      error: 'ECONNRESET',
    },
  ],
};

describe('the API of the link', () => {
  const manager = useTestManager();
  const operators: ScriptedOperator[] = [];

  beforeEach(() =>
    manager
      .post('/clusters', { name: 'fra1', datacenter: 'Frankfurt' })
      .expect(201),
  );

  afterEach(() => {
    operators.splice(0).forEach(operator => operator.disconnect());
  });

  const link = async () => (await manager.get('/clusters/fra1/link')).body;

  /** An operator of fra1 that has joined. */
  async function join(): Promise<ScriptedOperator> {
    const { body: cluster } = await manager.get('/clusters/fra1').expect(200);
    const { body: joining } = await manager
      .post('/clusters/fra1/join-command', {})
      .expect(201);
    const operator = new ScriptedOperator({
      url: manager.linkUrl,
      ca: await caOf(joining.manifest),
      cluster,
    });
    operators.push(operator);
    await operator.enroll(joining.token);
    return operator;
  }

  async function connect(operator: ScriptedOperator) {
    const { session } = await operator.connect({ capabilities: ['calls'] });
    await session.receive('applyYaml'); // the configuration, which nobody here is curious about
    return session;
  }

  /** Sends a request, answers the call that it makes, and returns the answer to the request. */
  async function answering(
    session: ScriptedSession,
    path: string,
    answer: (payload: Uint8Array) => string | Uint8Array,
  ) {
    const request = manager.post(`/clusters/fra1/link/${path}`, {});
    const response = request.then(result => result);
    const call = await session.receive('call');
    await answerCall(session, call, [answer(call.payload)]);
    return { response: await response, call };
  }

  it('tells of one that was never there', async () => {
    expect(await link()).toEqual({
      state: 'never_connected',
      stale: false,
      epoch: 0,
      capabilities: [],
      outbox: { waiting: 1, oldestAt: expect.any(String) },
      parkedEvents: 0,
      recentErrors: [],
      ...(await durability()),
    });
  });

  it('tells since when and from where an operator is connected, and what is under way', async () => {
    const session = await connect(await join());
    session.send({
      case: 'heartbeat',
      value: {
        journal: { depth: 3n, bytes: 2_048n, budgetBytes: 268_435_456n },
      },
    });

    const told = await eventually(link, ({ journal }) => journal !== undefined);
    expect(told).toMatchObject({
      state: 'open',
      stale: false,
      epoch: 2, // the enrolment fenced whoever had the link before
      openedAt: expect.any(String),
      lastSeenAt: expect.any(String),
      remoteAddress: expect.stringContaining('127.0.0.1'),
      replica: expect.any(String),
      capabilities: ['calls'],
      operatorVersion: '0.1.0',
      kubernetesVersion: 'v1.36.3',
      journal: { depth: 3, bytes: 2_048, budgetBytes: 268_435_456 },
      outbox: { waiting: 1 },
      recentErrors: [],
    });
  });

  it('tells why a session ended, and remembers faults', async () => {
    const session = await connect(await join());
    session.sendUnset();
    await session.ended();

    const told = await eventually(
      link,
      ({ state, recentErrors }) =>
        state === 'closed' && recentErrors.length > 0,
    );
    expect(told.closeReason).toContain('The frame is unset');
    expect(told.closedAt).toEqual(expect.any(String));
    expect(told.recentErrors).toEqual([
      {
        at: expect.any(String),
        reason: 'protocol_error',
        message: told.closeReason,
        count: 1,
      },
    ]);
  });

  it('remembers no fault where an operator said goodbye', async () => {
    const session = await connect(await join());
    session.send({ case: 'bye', value: { reason: 'stopping' } });
    await session.ended();
    const told = await eventually(link, ({ state }) => state === 'closed');
    expect(told).toMatchObject({ closeReason: 'stopping', recentErrors: [] });
  });

  it('keeps the last 20 faults, and counts the same one in a row', async () => {
    const { body } = await manager.get('/clusters/fra1');
    const logger = mockServices.logger.mock();
    const errors = new DatabaseLinkErrors({ db: manager.db, logger });
    const record = (message: string) =>
      errors.record({ clusterId: body.id, reason: 'silent', message });
    for (let i = 1; i <= 25; i++) {
      await record(`fault ${i}`);
    }
    await record('again\0');
    await record('again\0');
    const { recentErrors } = await link();
    expect(logger.warn).not.toHaveBeenCalled();
    expect(recentErrors).toHaveLength(20);
    expect(recentErrors[0]).toMatchObject({ message: 'again ', count: 2 });
    expect(recentErrors[19]).toMatchObject({ message: 'fault 7', count: 1 });
  });

  it('pings the operator and tells how long the round trip took', async () => {
    const session = await connect(await join());
    const { response, call } = await answering(session, 'ping', echo => echo);
    expect(call.method).toBe('ping');
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ roundTripMs: expect.any(Number) });
    expect(response.body.roundTripMs).toBeGreaterThan(0);
  });

  it('does not take another answer for that of a ping', async () => {
    const session = await connect(await join());
    const { response } = await answering(session, 'ping', () => 'pong');
    expect(response.status).toBe(502);
    expect(response.body.error).toMatchObject({ code: 'CALL_FAILED' });
  });

  it('asks the operator how it is, and leaves out what it does not know', async () => {
    const session = await connect(await join());
    const { response } = await answering(session, 'diagnostics', () =>
      JSON.stringify({ ...DIAGNOSTICS, invented: { by: 'a newer release' } }),
    );
    expect(response.status).toBe(200);
    expect(response.body).toEqual(DIAGNOSTICS);
  });

  it.each([
    ['no JSON', 'pong'],
    ['something else', JSON.stringify({ ...DIAGNOSTICS, rssBytes: 'much' })],
    ['HTML', '<html>'],
  ])('does not pass on %s as diagnostics', async (_what, answer) => {
    const session = await connect(await join());
    const { response } = await answering(session, 'diagnostics', () => answer);
    expect(response.status).toBe(502);
    expect(response.body.error).toMatchObject({
      code: 'CALL_FAILED',
      message: expect.stringContaining('can not be read'),
    });
  });

  it('passes on why the operator has no answer', async () => {
    const session = await connect(await join());
    const response = manager
      .post('/clusters/fra1/link/diagnostics', {})
      .then(result => result);
    const { id } = await session.receive('call');
    session.send({
      case: 'callChunk',
      value: { id, last: true, error: 'The volume is gone.' },
    });
    expect((await response).status).toBe(502);
    expect((await response).body.error).toMatchObject({
      code: 'CALL_FAILED',
      message: 'The operator of fra1 has no answer: The volume is gone.',
    });
  });

  it('says that the outcome is not known where the operator went away before it answered', async () => {
    const operator = await join();
    const session = await connect(operator);
    const response = manager
      .post('/clusters/fra1/link/ping', {})
      .then(result => result);
    await session.receive('call');
    operator.disconnect();
    expect((await response).status).toBe(504);
    expect((await response).body.error).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringContaining('its session ended'),
    });
  });

  it('refuses to ask an operator that takes no questions', async () => {
    const operator = await join();
    await operator.connect();
    const response = await manager.post('/clusters/fra1/link/ping', {});
    expect(response.status).toBe(409);
    expect(response.body.error).toMatchObject({ code: 'CALL_UNSUPPORTED' });
  });

  it.each<Refusal>([
    [
      'a ping where no operator is',
      409,
      'NOT_CONNECTED',
      () => manager.post('/clusters/fra1/link/ping', {}),
    ],
    [
      'diagnostics where no operator is',
      409,
      'NOT_CONNECTED',
      () => manager.post('/clusters/fra1/link/diagnostics', {}),
    ],
    [
      'the link of an unknown cluster',
      404,
      'CLUSTER_NOT_FOUND',
      () => manager.get('/clusters/nowhere/link'),
    ],
    [
      'a ping of an unknown cluster',
      404,
      'CLUSTER_NOT_FOUND',
      () => manager.post('/clusters/nowhere/link/ping', {}),
    ],
    [
      'diagnostics of an unknown cluster',
      404,
      'CLUSTER_NOT_FOUND',
      () => manager.post('/clusters/nowhere/link/diagnostics', {}),
    ],
  ])('refuses %s', (...refusal) => expectRefusal(manager, refusal));

  it('tells since when an operator is not connected', async () => {
    const session = await connect(await join());
    session.send({ case: 'bye', value: {} });
    await session.ended();
    const { closedAt } = await eventually(
      link,
      ({ state }) => state === 'closed',
    );
    const response = await manager.post('/clusters/fra1/link/ping', {});
    expect(response.body.error).toMatchObject({
      code: 'NOT_CONNECTED',
      message: expect.stringContaining(closedAt),
    });
  });

  it('is for people who have rights', async () => {
    await manager
      .get('/clusters/fra1/link', {
        headers: { Authorization: mockCredentials.none.header() },
      })
      .expect(401);
  });

  async function durability() {
    const { durability: known } = await link();
    return known === undefined ? {} : { durability: known };
  }
});

/** The CA that operators pin, from the manifest that joins them. */
async function caOf(manifest: string): Promise<string> {
  const [pem] =
    /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(
      manifest,
    ) ?? [];
  if (!pem) {
    throw new Error('The manifest has no CA');
  }
  return pem.replaceAll(/^\s+/gm, '');
}
