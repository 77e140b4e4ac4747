import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { FaultyProxy } from './FaultyProxy.ts';

const LIMIT = { timeout: 30_000 };

describe('a bad network', LIMIT, () => {
  it('that is open carries both ways', async t => {
    const { talk } = await setUp(t);
    const socket = await talk();
    assert.equal(await said(socket, 'hello'), 'HELLO');
  });

  it('that is cut breaks connections and takes none', async t => {
    const { proxy, talk } = await setUp(t);
    const socket = await talk();
    const closed = once(socket, 'close');
    proxy.set({ kind: 'cut' });
    await closed;
    const refused = await talk();
    await once(refused, 'close');
  });

  it('that is half-open swallows what is said, and breaks what lost it when it is open again', async t => {
    const { proxy, heard, talk } = await setUp(t);
    const socket = await talk();
    assert.equal(await said(socket, 'one'), 'ONE');
    proxy.set({ kind: 'halfOpen' });
    socket.write('two');
    const fresh = await talk();
    fresh.write('three');

    const closed = Promise.all([once(socket, 'close'), once(fresh, 'close')]);
    await untilLost(proxy);
    proxy.set({ kind: 'open' });
    await closed;
    assert.deepEqual(heard, ['one']);
  });

  it('that is slow carries late, and in order', async t => {
    const { proxy, heard, talk } = await setUp(t);
    proxy.set({ kind: 'slow', delayMs: 20, bytesPerSecond: 10_000 });
    const socket = await talk();
    const started = performance.now();
    assert.equal(await said(socket, 'one'), 'ONE');
    assert.equal(await said(socket, 'two'), 'TWO');
    assert.ok(performance.now() - started >= 80);
    assert.deepEqual(heard, ['one', 'two']);
  });
});

async function setUp(t: TestContext) {
  const heard: string[] = [];
  const server = createServer(socket => {
    socket.setEncoding('utf8');
    socket.on('error', () => {}); // the network broke it off
    socket.on('data', (text: string) => {
      heard.push(text);
      socket.write(text.toUpperCase());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = await FaultyProxy.listen(() => port);
  t.after(() => {
    proxy.close();
    server.close();
  });
  const talk = async (): Promise<Socket> => {
    const socket = connect(proxy.port, '127.0.0.1').setEncoding('utf8');
    socket.on('error', () => {}); // the same
    await once(socket, 'connect');
    return socket;
  };
  return { proxy, heard, talk };
}

async function said(socket: Socket, text: string): Promise<string> {
  const answer = once(socket, 'data');
  socket.write(text);
  return (await answer)[0];
}

/** Resolves when two connections have lost something. */
async function untilLost(proxy: FaultyProxy): Promise<void> {
  while (proxy.losses < 2) {
    await new Promise(setImmediate);
  }
}
