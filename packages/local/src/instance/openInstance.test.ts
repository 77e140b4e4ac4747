import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { networksNamedIn, thisMachine } from './machine.ts';
import { openInstance } from './openInstance.ts';
import type { Machine } from './types.ts';

describe('openInstance', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  async function checkout(name: string): Promise<string> {
    const root = join(folder, name);
    await mkdir(root, { recursive: true });
    return root;
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubenova-instance-'));
    env = { KUBENOVA_CACHE: join(folder, 'cache') };
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('remembers id, network and ports of the first start', async () => {
    const root = await checkout('one');
    const first = await openInstance({ root, name: 'default', env });
    const second = await openInstance({ root, name: 'default', env });
    assert.deepEqual(second, first);
    assert.match(first.id, /^[0-9a-f]{4}$/);
    assert.equal(first.stateDir, join(root, '.kubenova/default'));
    assert.equal(first.runDir, `/run/kubenova/${first.id}`);
  });

  it('keeps two checkouts and two names apart though none of them runs', async () => {
    const one = await checkout('one');
    const instances = [
      await openInstance({ root: one, name: 'default', env }),
      await openInstance({ root: one, name: 'test', env }),
      await openInstance({
        root: await checkout('two'),
        name: 'default',
        env,
      }),
    ];
    assert.equal(new Set(instances.map(i => i.id)).size, 3);
    assert.equal(new Set(instances.map(i => i.network)).size, 3);
    assert.equal(
      new Set(instances.flatMap(i => Object.values(i.ports))).size,
      9,
    );
  });

  it('gives one answer to processes that open it at the same time', async () => {
    const root = await checkout('one');
    const instances = await Promise.all(
      Array.from({ length: 8 }, () =>
        openInstance({ root, name: 'default', env }),
      ),
    );
    for (const instance of instances) assert.deepEqual(instance, instances[0]);
  });

  it('keeps checkouts apart that are opened for the first time at once', async () => {
    const roots = await Promise.all(['a', 'b', 'c', 'd'].map(checkout));
    const instances = await Promise.all(
      roots.map(root => openInstance({ root, name: 'default', env })),
    );
    assert.equal(new Set(instances.map(i => i.network)).size, 4);
  });

  it('avoids networks and ports that something else on the machine uses', async () => {
    const busyPort = 20_000 + 101 * 10;
    const machine: Machine = {
      networksInUse: async () => new Set([100]),
      isPortFree: async port => port !== busyPort,
      randomId: () => 'abcd',
    };
    const root = await checkout('one');
    const instance = await openInstance({
      root,
      name: 'default',
      env,
      machine,
    });
    assert.equal(instance.network, 101);
    assert.deepEqual(instance.ports, {
      portal: busyPort + 1,
      link: busyPort + 2,
      postgres: busyPort + 3,
    });
  });

  it('takes over what a deleted checkout had claimed', async () => {
    const machine: Machine = { ...thisMachine, isPortFree: async () => true };
    const gone = await checkout('gone');
    const before = await openInstance({
      root: gone,
      name: 'default',
      env,
      machine,
    });
    await rm(gone, { recursive: true });
    const root = await checkout('new');
    const after = await openInstance({ root, name: 'default', env, machine });
    assert.equal(after.network, before.network);
  });

  it('says what to do when every network is taken', async () => {
    const machine: Machine = {
      ...thisMachine,
      networksInUse: async () =>
        new Set(Array.from({ length: 256 }, (_, n) => n)),
    };
    const root = await checkout('one');
    await assert.rejects(
      openInstance({ root, name: 'default', env, machine }),
      /Remove checkouts that are no longer needed/,
    );
  });
});

describe('thisMachine', () => {
  it('sees that a port is taken', async () => {
    const server = createServer();
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    assert.ok(address && typeof address === 'object');
    assert.equal(await thisMachine.isPortFree(address.port), false);
    server.close();
  });

  it('reads the networks out of addresses and routes', () => {
    const networks = networksNamedIn(
      'default via 192.168.10.1\n10.4.0.0/16 dev tun0\nlocal 10.120.0.1',
    );
    assert.deepEqual(networks, new Set([4, 120]));
  });
});
