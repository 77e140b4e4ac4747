import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { portsOf, type Instance } from '../instance/index.ts';
import {
  layOutReplicas,
  MAX_REPLICAS,
  writeReplicaConfiguration,
} from './replicas.ts';

const [first, second, third] = portsOf(107);
const instance: Instance = {
  id: 'abcd',
  root: '/checkout',
  stateDir: '/checkout/.kubenova/default',
  runDir: '/run/kubenova/abcd',
  cacheDir: '/cache',
  network: 107,
  ports: { portal: first, link: second, postgres: third },
};

describe('the replicas of an instance', () => {
  it('have ports of its network that nothing else of it has, the same each time', () => {
    const layout = layOutReplicas(instance, MAX_REPLICAS);
    const ports = [
      layout.balancerHealth.port,
      ...layout.replicas.flatMap(({ portal, link }) => [
        portal.port,
        link.port,
      ]),
    ];
    const all = [...ports, ...Object.values(instance.ports)];
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.every(port => portsOf(107).includes(port)));
    assert.deepEqual(layOutReplicas(instance, MAX_REPLICAS), layout);
  });

  it('keep their ports when there are more of them', () => {
    const [one, two] = layOutReplicas(instance, 3).replicas;
    assert.deepEqual(layOutReplicas(instance, 2).replicas, [one, two]);
  });

  it('have for themselves only where they listen, and how long they answer when they end', () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-replicas-'));
    try {
      const [, replica] = layOutReplicas(instance, 2).replicas;
      const file = writeReplicaConfiguration(dir, replica);
      assert.equal(path.basename(file), 'app-config.portal-2.yaml');
      assert.deepEqual(parse(readFileSync(file, 'utf8')), {
        backend: {
          listen: replica.portal,
          lifecycle: { serverShutdownDelay: { milliseconds: 2_000 } },
        },
        kubenova: { link: { listen: `127.0.0.1:${replica.link.port}` } },
      });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
