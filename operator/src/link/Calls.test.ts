import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { MAX_ACTIVE_CALLS, type CallHandler } from './Calls.ts';
import { Asker } from './testing/Asker.ts';
import { eventually } from './testing/eventually.ts';
import { withLink } from './testing/withLink.ts';

const MAX_PART_BYTES = 20 * 1024;

async function asked(t: TestContext, calls?: Record<string, CallHandler>) {
  const { manager } = await withLink(t, { calls });
  const session = await manager.session(1);
  return { manager, session, asker: new Asker(session) };
}

/** A handler that answers piece by piece, when the test says so, and tells what became of it. */
function pieces() {
  let wake: () => void = () => {};
  const waiting: string[] = [];
  const seen = { taken: 0, aborted: false, returned: false };
  const untilWoken = () =>
    new Promise<void>(resolve => {
      wake = resolve;
    });
  const handler: CallHandler = async function* pour(_payload, signal) {
    signal.addEventListener('abort', () => {
      seen.aborted = true;
      wake();
    });
    try {
      while (!signal.aborted) {
        const next = waiting.shift();
        if (next === undefined) {
          await untilWoken();
        } else {
          seen.taken += 1;
          yield Buffer.from(next);
        }
      }
    } finally {
      seen.returned = true;
    }
  };
  const say = (...texts: string[]) => {
    waiting.push(...texts);
    wake();
  };
  return { handler, say, seen };
}

describe('a call', { timeout: 20_000 }, () => {
  it('is announced as something that this operator answers', async t => {
    const { session } = await asked(t);
    assert.ok(session.hello.capabilities.includes('calls'));
  });

  it('named ping is answered with what was sent, readable for the asker alone', async t => {
    const { asker } = await asked(t);
    asker.ask({ method: 'ping', payload: Buffer.from('hello') });
    const part = await asker.end();
    assert.ok(!Buffer.from(part.payload).includes('hello'));
    assert.equal((await asker.answer()).toString(), 'hello');
  });

  it('of a method that is not known is answered with an error', async t => {
    const { asker } = await asked(t);
    asker.ask({ method: 'logs' });
    await assert.rejects(asker.answer(), /does not know the method logs/);
  });

  it('without a key to encrypt to is answered with an error', async t => {
    const { session, asker } = await asked(t);
    session.send({
      case: 'call',
      value: { id: 'call-1', method: 'ping', deadlineMs: 60_000 },
    });
    assert.notEqual((await asker.end()).error, '');
  });

  it('has its answer cut into parts of their order, each below 20 KiB', async t => {
    const answer = Buffer.alloc(40_000, 'a');
    const { asker } = await asked(t, { long: async () => answer });
    asker.ask({ method: 'long' });
    assert.deepEqual(await asker.answer(), answer);
    const parts = asker.parts();
    assert.deepEqual(
      parts.map(part => [part.index, part.last]),
      [
        [0, false],
        [1, false],
        [2, true],
      ],
    );
    assert.ok(parts.every(part => part.payload.length < MAX_PART_BYTES));
  });

  it('may be answered piece by piece, each as soon as it is there', async t => {
    const { handler, say } = pieces();
    const { session, asker } = await asked(t, { follow: handler });
    asker.ask({ method: 'follow' });
    say('one');
    await session.until(() => asker.parts().length === 1);
    say('two', 'three');
    await session.until(() => asker.parts().length === 3);
    assert.ok(asker.parts().every(part => !part.last && !part.error));
  });

  it('ends with an empty part where the pieces end', async t => {
    const { asker } = await asked(t, {
      async *count() {
        yield Buffer.from('1');
        yield Buffer.from('2');
      },
    });
    asker.ask({ method: 'count' });
    assert.equal((await asker.answer()).toString(), '12');
    assert.equal(asker.parts().length, 3);
  });

  it('takes from its handler no more than the credit allows, and goes on when it rises', async t => {
    const { handler, say, seen } = pieces();
    const { session, asker } = await asked(t, { follow: handler });
    say('0', '1', '2', '3', '4');
    asker.ask({ method: 'follow', upToIndex: 1 });
    await eventually(() => seen.taken === 3); // the third is in the hand of the sender
    asker.ask({ id: 'call-2', method: 'ping' });
    await asker.end('call-2');
    assert.equal(asker.parts().length, 2);

    asker.allow(3);
    await session.until(() => asker.parts().length === 4);
    asker.allow(2); // credits are absolute: an older one takes nothing back
    asker.allow(9);
    await session.until(() => asker.parts().length === 5);
  });

  it('that is cancelled has its handler stopped, and one last part', async t => {
    const { handler, say, seen } = pieces();
    const { session, asker } = await asked(t, { follow: handler });
    asker.ask({ method: 'follow' });
    say('one');
    await session.until(() => asker.parts().length === 1);
    asker.cancel();
    assert.match((await asker.end()).error, /Nobody waits/);
    await eventually(() => seen.aborted && seen.returned);
    asker.cancel(); // of one that is over, and of one that never was
    asker.cancel('call-7');
    asker.ask({ id: 'call-2', method: 'ping' });
    await asker.end('call-2');
  });

  it('that waits for credit can be cancelled as well', async t => {
    const { asker } = await asked(t, {
      long: async () => Buffer.alloc(40_000),
    });
    asker.ask({ method: 'long', upToIndex: 0 });
    asker.cancel();
    assert.match((await asker.end()).error, /Nobody waits/);
  });

  it('whose handler hangs is answered with an error at the deadline', async t => {
    const { asker } = await asked(t, { slow: () => new Promise(() => {}) });
    asker.ask({ method: 'slow', deadlineMs: 20 });
    await assert.rejects(asker.answer(), /within 20 ms/);
  });

  it('that comes while too many are being answered is refused, and one later is not', async t => {
    const { handler } = pieces();
    const { session, asker } = await asked(t, { follow: handler });
    for (let i = 0; i < MAX_ACTIVE_CALLS; i++) {
      asker.ask({ id: `busy-${i}`, method: 'follow' });
    }
    asker.ask({ method: 'ping' });
    await assert.rejects(asker.answer(), /answers 16 questions already/);
    assert.equal(session.frames('callChunk').length, 1);

    asker.cancel('busy-0');
    await asker.end('busy-0');
    asker.ask({ id: 'later', method: 'ping' });
    await asker.answer('later');
  });

  it('that is asked twice ends the session', async t => {
    const { handler } = pieces();
    const { session, asker } = await asked(t, { follow: handler });
    asker.ask({ method: 'follow' });
    asker.ask({ method: 'follow' });
    await session.until(() => session.over);
  });

  it('is given up with its session, and the next session is free of it', async t => {
    const { handler, seen } = pieces();
    const { manager, asker } = await asked(t, { follow: handler });
    for (let i = 0; i < MAX_ACTIVE_CALLS; i++) {
      asker.ask({ id: `busy-${i}`, method: 'follow' });
    }
    asker.ask({ id: 'one too many', method: 'ping' });
    await asker.end('one too many');
    manager.cut();
    await eventually(() => seen.aborted);

    const next = new Asker(await manager.session(2));
    next.ask({ method: 'ping', payload: Buffer.from('again') });
    assert.equal((await next.answer()).toString(), 'again');
  });
});
