import { Call } from '@kubenova/proto';
import assert from 'node:assert/strict';
import { answerCall, sealedPart } from '../__testUtils__/answerCall';
import { eventually } from '../__testUtils__/eventually';
import { ScriptedOperator } from '../__testUtils__/ScriptedOperator';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { TestLink } from '../__testUtils__/TestLink';
import { useTestLinks } from '../__testUtils__/useTestLinks';
import { fenceLink } from '../lease/operations/fenceLink';
import { WINDOW_CHUNKS } from './AnswerReader';
import { sweepCalls } from './operations/sweepCalls';
import { CALLS_CAPABILITY, MAX_IN_FLIGHT } from './SessionCalls';
import { CallRequest } from './types';

const CAPABLE = { capabilities: [CALLS_CAPABILITY] };
const PLENTY_MS = 60_000;

describe('calls', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  /** A replica that holds the link of an operator, and another one that asks. */
  async function twoReplicas() {
    const holder = await links.start();
    const asker = await links.start({ registry: holder.registry });
    const operator = await holder.enrolledOperator();
    const { session } = await operator.connect(CAPABLE);
    return { asker, operator, session };
  }

  const asking = (operator: ScriptedOperator, more: Partial<CallRequest>) => ({
    clusterId: operator.cluster.id,
    method: 'ping',
    deadlineMs: PLENTY_MS,
    ...more,
  });

  const rows = () => database.db('calls').select();

  afterEach(async () => {
    // Whoever waits takes the row away, however it ends.
    const left = await database.db('calls').delete().returning('state');
    assert.deepEqual(left, []);
  });

  it('are answered through whichever replica holds the link', async () => {
    const { asker, operator, session } = await twoReplicas();

    const answer = asker.link.calls.ask(
      asking(operator, { payload: Buffer.from('are you there?') }),
    );
    const call = await session.receive('call');
    expect(call).toMatchObject({ method: 'ping', upToIndex: 15 });
    expect(Buffer.from(call.payload).toString()).toBe('are you there?');
    expect(call.deadlineMs).toBeGreaterThan(0);
    expect(call.deadlineMs).toBeLessThanOrEqual(PLENTY_MS);
    await answerCall(session, call, ['I ', 'am']);

    expect(await answer).toEqual({
      outcome: 'answered',
      answer: Buffer.from('I am'),
    });
  });

  it('are not readable in the database', async () => {
    const { asker, operator, session } = await twoReplicas();
    const answer = asker.link.calls.call(asking(operator, {}));
    const first = answer.next();
    const call = await session.receive('call');
    await answerCall(session, call, ['secret 1'], { more: true });
    expect(await first).toEqual({
      value: Buffer.from('secret 1'),
      done: false,
    });

    await answerCall(session, call, ['secret 2'], { from: 1 });
    const stored = await eventually(
      () => database.db('call_chunks').select(),
      chunks => chunks.length === 1,
    );
    expect(stored[0].jwe.toString()).not.toContain('secret');
    expect(await rows()).toHaveLength(1);

    expect(await answer.next()).toMatchObject({ done: false });
    expect(await answer.next()).toEqual({
      value: { outcome: 'answered' },
      done: true,
    });
  });

  it('flow as fast as they are taken: no more parts than a window are stored', async () => {
    const { asker, operator, session } = await twoReplicas();
    const answer = asker.link.calls.call(asking(operator, {}));
    const first = answer.next();
    const call = await session.receive('call');
    await answerCall(session, call, ['0'], { more: true });
    await first;

    await answerCall(session, call, numbers(1, WINDOW_CHUNKS - 1), {
      from: 1,
      more: true,
    });
    await eventually(
      () => database.db('call_chunks').pluck('index'),
      indexes => indexes.length === WINDOW_CHUNKS - 1,
    );
    expect(session.seen).not.toContain('callCredit');

    for (let taken = 1; taken < WINDOW_CHUNKS; taken++) {
      expect((await answer.next()).done).toBe(false);
    }
    const credit = await session.receive('callCredit');
    expect(credit.id).toBe(call.id);
    expect(credit.upToIndex).toBeGreaterThanOrEqual(WINDOW_CHUNKS);
    await answerCall(session, call, [''], { from: WINDOW_CHUNKS });
    expect(await answer.next()).toMatchObject({
      value: { outcome: 'answered' },
    });
  });

  it('fail with what the operator says', async () => {
    const { asker, operator, session } = await twoReplicas();
    const answer = asker.link.calls.ask(asking(operator, { method: 'nope' }));
    const { id } = await session.receive('call');
    session.send({
      case: 'callChunk',
      value: { id, last: true, error: 'I do not know\0 that method.' },
    });
    expect(await answer).toEqual({
      outcome: 'failed',
      message: 'I do not know  that method.',
    });
  });

  it('are told at once that no operator is connected, and since when', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const ask = () => link.link.calls.ask(asking(operator, {}));
    expect(await ask()).toEqual({ outcome: 'not_connected' });

    const { session } = await operator.connect(CAPABLE);
    session.send({ case: 'bye', value: {} });
    await session.ended();
    const { closed_at: since } = await eventually(
      () => link.row(operator),
      row => !row.open,
    );
    expect(await ask()).toEqual({ outcome: 'not_connected', since });
  });

  it('that no session takes by their deadline were surely not sent', async () => {
    const { asker, operator, session } = await twoReplicas();
    // As after the death of the replica that held the link: nobody is there, and the row does not know yet.
    await database.db.transaction(tx => fenceLink(tx, operator.cluster.id, ''));
    await session.ended();
    await database
      .db('links')
      .where({ cluster_id: operator.cluster.id })
      .update({ open: true });

    expect(
      await asker.link.calls.ask(asking(operator, { deadlineMs: 300 })),
    ).toMatchObject({ outcome: 'not_connected', since: expect.any(Date) });
  });

  it('are refused for an operator that takes none', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    expect(await link.link.calls.ask(asking(operator, {}))).toEqual({
      outcome: 'unsupported',
    });
    expect(session.seen).not.toContain('call');
  });

  it('have an unknown outcome at the deadline, and what comes later is thrown away', async () => {
    const { asker, operator, session } = await twoReplicas();
    const answer = asker.link.calls.ask(asking(operator, { deadlineMs: 400 }));
    const call = await session.receive('call');

    expect(await answer).toMatchObject({ outcome: 'unknown' });
    expect(await session.receive('callCancel')).toMatchObject({ id: call.id });
    await answerCall(session, call, ['too late']);
    await isStillOpen(operator, session, asker);
  });

  it('have an unknown outcome at once when the session ends, and are never sent again', async () => {
    const { asker, operator, session } = await twoReplicas();
    const answer = asker.link.calls.ask(asking(operator, {}));
    await session.receive('call');

    operator.disconnect();

    expect(await answer).toMatchObject({ outcome: 'unknown' });
    const { session: second } = await operator.connect(CAPABLE);
    await isStillOpen(operator, second, asker);
    expect(second.seen.filter(frame => frame === 'call')).toHaveLength(1); // the one of isStillOpen
  });

  it('have an unknown outcome when another session took the link over', async () => {
    const { asker, operator, session } = await twoReplicas();
    const answer = asker.link.calls.ask(asking(operator, {}));
    const call = await session.receive('call');

    await database
      .db('links')
      .where({ cluster_id: operator.cluster.id })
      .increment('epoch', 1);
    await answerCall(session, call, ['from a fenced session']);

    expect(await answer).toMatchObject({ outcome: 'unknown' });
  });

  it('that waited for a session are sent when it opens', async () => {
    const { asker, operator, session } = await twoReplicas();
    await database.db.transaction(tx => fenceLink(tx, operator.cluster.id, ''));
    await session.ended();
    await database
      .db('links')
      .where({ cluster_id: operator.cluster.id })
      .update({ open: true, process_instance: operator.processInstance });
    const answer = asker.link.calls.ask(asking(operator, {}));
    await eventually(rows, waiting => waiting.length === 1);

    const { session: second } = await operator.connect(CAPABLE);
    await answerCall(second, await second.receive('call'), ['pong']);

    expect(await answer).toMatchObject({ outcome: 'answered' });
  });

  it('are cancelled when nobody waits any more', async () => {
    const { asker, operator, session } = await twoReplicas();
    const gone = new AbortController();
    const answer = asker.link.calls.ask(
      asking(operator, { signal: gone.signal }),
    );
    const call = await session.receive('call');

    gone.abort(new Error('the browser was closed'));

    await expect(answer).rejects.toThrow('the browser was closed');
    expect(await session.receive('callCancel')).toMatchObject({ id: call.id });
    await answerCall(session, call, ['never', 'mind']);
    await isStillOpen(operator, session, asker);
  });

  it('go to one operator a few at a time, and the others wait for their turn', async () => {
    const { asker, operator, session } = await twoReplicas();
    const answers = numbers(0, MAX_IN_FLIGHT + 1).map(() =>
      asker.link.calls.ask(asking(operator, {})),
    );
    const asked: Call[] = [];
    while (asked.length < MAX_IN_FLIGHT) {
      asked.push(await session.receive('call'));
    }
    await eventually(rows, all => all.length === MAX_IN_FLIGHT + 1);
    expect(await database.db('calls').where({ state: 'waiting' })).toHaveLength(
      1,
    );

    await answerCall(session, asked[0], ['pong']);
    asked.push(await session.receive('call'));
    for (const call of asked.slice(1)) {
      await answerCall(session, call, ['pong']);
    }

    const outcomes = await Promise.all(answers);
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(
      new Set(['answered']),
    );
    expect(new Set(asked.map(({ id }) => id)).size).toBe(MAX_IN_FLIGHT + 1);
  });

  it.each([
    ['another call', { id: '00000000-0000-4000-8000-000000000000' }],
    ['another part', { index: 1 }],
  ])('do not take a part that was sealed for %s', async (_what, as) => {
    const { asker, operator, session } = await twoReplicas();
    const answer = asker.link.calls.ask(asking(operator, {}));
    const call = await session.receive('call');
    const payload = await sealedPart(call, 0, 'pong', as);
    session.send({
      case: 'callChunk',
      value: { id: call.id, index: 0, payload, last: true },
    });
    expect(await answer).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('can not be read'),
    });
  });

  it.each([
    ['answers no call', { id: 'nobody asked' }, 'No Call with the id'],
    ['is out of order', { index: 1 }, 'where part 0 was due'],
    ['is too large', { payload: new Uint8Array(24 * 1024 + 1) }, 'larger than'],
  ])('end the session for a part that %s', async (_what, wrong, message) => {
    const { asker, operator, session } = await twoReplicas();
    const answer = asker.link.calls.ask(asking(operator, {}));
    const { id } = await session.receive('call');

    session.send({ case: 'callChunk', value: { id, ...wrong } });

    const ended = await session.ended();
    expect(ended?.rawMessage).toContain(message);
    expect(await answer).toMatchObject({ outcome: 'unknown' });
  });

  it('end the session for a part beyond the credit', async () => {
    const { asker, operator, session } = await twoReplicas();
    const answer = asker.link.calls.call(asking(operator, {}));
    const first = answer.next();
    const call = await session.receive('call');
    await answerCall(session, call, numbers(0, WINDOW_CHUNKS + 1), {
      more: true,
    });
    await first;

    const ended = await session.ended();
    expect(ended?.rawMessage).toContain('beyond its credit');
    await answer.return({ outcome: 'answered' });
  });

  it('are not made of a question that is too large', async () => {
    const { asker, operator } = await twoReplicas();
    await expect(
      asker.link.calls.ask(
        asking(operator, { payload: new Uint8Array(1024 * 1024 + 1) }),
      ),
    ).rejects.toThrow('larger than');
  });

  it('leave nothing behind where the replica that asked died', async () => {
    const { operator } = await twoReplicas();
    await database.db('calls').insert({
      id: '11111111-1111-4111-8111-111111111111',
      cluster_id: operator.cluster.id,
      method: 'ping',
      payload: Buffer.alloc(0),
      recipient_key: Buffer.alloc(32),
      up_to_index: 15,
      deadline: database.db.raw("clock_timestamp() - interval '59 seconds'"),
    });
    await sweepCalls(database.db);
    expect(await rows()).toHaveLength(1); // whoever asked may still look

    await database.db('calls').update({
      deadline: database.db.raw("clock_timestamp() - interval '61 seconds'"),
    });
    await eventually(rows, all => all.length === 0);
  });

  async function isStillOpen(
    operator: ScriptedOperator,
    session: Awaited<ReturnType<ScriptedOperator['connect']>>['session'],
    asker: TestLink,
  ) {
    const answer = asker.link.calls.ask(asking(operator, {}));
    await answerCall(session, await session.receive('call'), ['pong']);
    expect(await answer).toMatchObject({ outcome: 'answered' });
  }
});

function numbers(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}
