import assert from 'node:assert/strict';
import { it } from 'node:test';
import { HealthServer, type Readiness } from './HealthServer.ts';

it('tells the kubelet whether the operator is ready, and why not', async t => {
  let readiness: Readiness = { ready: false, reason: 'waits for the Lease' };
  const server = new HealthServer({ readiness: () => readiness });
  const port = await server.start(0);
  t.after(() => server.stop());
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return [response.status, await response.json()];
  };

  assert.deepEqual(await get('/healthz'), [200, { healthy: true }]);
  assert.deepEqual(await get('/readyz'), [503, readiness]);
  readiness = { ready: true, reason: '' };
  assert.deepEqual(await get('/readyz'), [200, readiness]);
  assert.equal((await get('/elsewhere'))[0], 404);
});
