/** Usage measured on a real API server, with a clock that the test turns, into the real journal. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DateTime } from 'luxon';
import { Journal } from '../link/journal/Journal.ts';
import { ManualClock } from '../link/testing/ManualClock.ts';
import type { OperatorEvent, UsageRecord } from '../link/types.ts';
import { SettableTenants } from '../testing/SettableTenants.ts';
import { silentLogger } from '../testing/silentLogger.ts';
import { TestCluster } from '../testing/TestCluster.ts';
import { UsageSampler } from './UsageSampler.ts';

const OBJECTS = `
apiVersion: v1
kind: Namespace
metadata: { name: acme-apps }
---
apiVersion: v1
kind: Namespace
metadata: { name: globex-apps }
---
apiVersion: v1
kind: Namespace
metadata: { name: nobody }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: default, namespace: acme-apps }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: default, namespace: nobody }
---
apiVersion: v1
kind: Pod
metadata: { name: one, namespace: acme-apps }
spec:
  containers: [{ name: c, image: c, resources: { requests: { cpu: 100m, memory: 64Mi } } }]
  initContainers: [{ name: i, image: i, resources: { requests: { cpu: 300m, memory: 16Mi } } }]
---
apiVersion: v1
kind: Pod
metadata: { name: ended, namespace: acme-apps }
spec: { containers: [{ name: c, image: c, resources: { requests: { cpu: '8' } } }] }
---
apiVersion: v1
kind: Pod
metadata: { name: foreign, namespace: nobody }
spec: { containers: [{ name: c, image: c, resources: { requests: { cpu: '8' } } }] }
---
apiVersion: v1
kind: Service
metadata: { name: lb, namespace: acme-apps }
spec: { type: LoadBalancer, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: plain, namespace: acme-apps }
spec: { ports: [{ port: 80 }] }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: bound, namespace: acme-apps }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: wish, namespace: acme-apps }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 5Gi } } }
`;

describe('usage', () => {
  // Ten minutes before the end of an hour.
  const clock = new ManualClock(
    DateTime.fromISO('2026-01-05T09:50:30Z', { zone: 'utc' }),
  );
  const tenants = new SettableTenants();
  let cluster: TestCluster;
  let sampler: UsageSampler;
  let journal: Journal;
  let folder: string;
  let put: OperatorEvent[];

  before(async () => {
    cluster = await TestCluster.start({ charts: ['vela-core'] });
    await cluster.kubectl(['apply', '-f', '-'], OBJECTS);
    await cluster.kubectl([
      'patch',
      'pod',
      'ended',
      '--namespace=acme-apps',
      '--subresource=status',
      '--patch={"status":{"phase":"Succeeded"}}',
    ]);
    await cluster.kubectl([
      'patch',
      'persistentvolumeclaim',
      'bound',
      '--namespace=acme-apps',
      '--subresource=status',
      '--patch={"status":{"phase":"Bound","capacity":{"storage":"2Gi"}}}',
    ]);
    folder = await mkdtemp(join(tmpdir(), 'kubenova-usage-'));
    journal = Journal.open({
      file: join(folder, 'journal.db'),
      clusterId: 'c1',
      clock,
      createUuid: randomUUID,
    });
    put = [];
    tenants.set('acme');
    tenants.set('globex');
    sampler = new UsageSampler({
      kube: cluster.operator,
      tenants,
      clock,
      log: silentLogger,
      samples: {
        add: sample => journal.samples.add(sample),
        closeHours: (before_, emit) =>
          journal.samples.closeHours(before_, hour => {
            const event = emit(hour);
            put.push(event);
            return event;
          }),
      },
    });
  });

  after(async () => {
    journal?.close();
    await rm(folder, { recursive: true, force: true });
    await cluster?.stop();
  });

  function record(tenant: string): UsageRecord {
    const event = put.find(({ key }) => key.startsWith(`usage/${tenant}/`));
    assert.equal(event?.kind, 'record');
    assert.equal(event.body.case, 'usageRecord');
    return event.body.value;
  }

  function quantities(tenant: string): Record<string, string> {
    return Object.fromEntries(
      record(tenant).meters.map(({ meter, quantity }) => [meter, quantity]),
    );
  }

  it('is sampled in each minute that is seen, and stays open within the hour', async () => {
    await sampler.sample();
    clock.advance(60_000);
    await sampler.sample();
    // The same minute once more counts once.
    await sampler.sample();
    clock.advance(120_000);
    await sampler.sample();
    sampler.closeHours();
    assert.deepEqual(put, []);
  });

  it('of an hour is closed when the hour is over, by the clock in UTC', () => {
    clock.advance(8 * 60_000);
    sampler.closeHours();
    const { hour, minutes } = record('acme');
    assert.equal(hour.toUTC().toISO(), '2026-01-05T09:00:00.000Z');
    assert.deepEqual(
      [50, 51, 52, 53].map(minute => (minutes >> BigInt(minute)) & 1n),
      [1n, 1n, 0n, 1n],
    );
  });

  it('adds up what pods request at their hungriest, bound volumes, load balancers and counts, exactly', () => {
    assert.deepEqual(quantities('acme'), {
      cpu_request: '0.9',
      memory_request: `${3 * 64 * 1024 ** 2}`,
      pvc_capacity: `${3 * 2 * 1024 ** 3}`,
      load_balancers: '3',
      namespaces: '3',
      pods: '3',
      applications: '0',
    });
  });

  it('of a tenant without anything is zero, which is not the same as not seen', () => {
    assert.deepEqual(quantities('globex').cpu_request, '0');
    assert.notEqual(record('globex').minutes, 0n);
  });

  it('of what belongs to no tenant is nobody’s', () => {
    assert.deepEqual(
      put.map(({ key }) => key),
      ['usage/acme/2026-01-05T09:00:00Z', 'usage/globex/2026-01-05T09:00:00Z'],
    );
  });
});
