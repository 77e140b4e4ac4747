import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Instance } from '../instance/index.ts';
import {
  InvalidDatacenterName,
  readDatacenters,
  registerDatacenter,
} from './registry.ts';

describe('the registry of datacenters', () => {
  let folder: string;
  let instance: Instance;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubenova-registry-'));
    instance = {
      id: 'ab12',
      root: folder,
      stateDir: join(folder, 'state'),
      runDir: '/run/kubenova/ab12',
      cacheDir: join(folder, 'cache'),
      network: 123,
      ports: { portal: 1, link: 2, postgres: 3 },
    };
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('gives each datacenter its own subnet, wire and namespace, and keeps them', async () => {
    const fra1 = await registerDatacenter(instance, 'fra1');
    const ams1 = await registerDatacenter(instance, 'ams1');
    assert.deepEqual(fra1, {
      name: 'fra1',
      index: 1,
      nodeAddress: '10.123.1.2',
      gatewayAddress: '10.123.1.1',
      kubeconfig: join(folder, 'state/datacenters/fra1/admin.kubeconfig'),
      netns: 'kubenova-ab12-fra1',
      veth: 'knab12-1',
      dir: join(folder, 'state/datacenters/fra1'),
    });
    assert.equal(ams1.index, 2);
    assert.deepEqual(await registerDatacenter(instance, 'fra1'), fra1);
    assert.deepEqual(await readDatacenters(instance), [ams1, fra1]);
  });

  it('gives the subnet of a removed datacenter to the next one', async () => {
    const first = await registerDatacenter(instance, 'one');
    await registerDatacenter(instance, 'two');
    await rm(first.dir, { recursive: true });
    assert.equal((await registerDatacenter(instance, 'three')).index, 1);
  });

  it('refuses what is not a DNS label of up to 40 characters, and makes nothing', async () => {
    const names = ['', 'Fra1', '-fra', 'fra-', 'a/b', '..', 'a'.repeat(41)];
    for (const name of names)
      await assert.rejects(
        registerDatacenter(instance, name),
        (error: unknown) =>
          error instanceof InvalidDatacenterName &&
          error.code === 'NAME_INVALID',
        name,
      );
    assert.deepEqual(await readDatacenters(instance), []);
  });

  it('keeps the names of interfaces within the kernel’s 15 characters', async () => {
    const { veth } = await registerDatacenter(instance, 'a'.repeat(40));
    assert.ok(veth.replace('-1', '-250').length <= 15);
  });
});
