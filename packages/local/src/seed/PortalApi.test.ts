import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { PortalApi } from './PortalApi.ts';
import { ProgressTold } from './ProgressTold.ts';

type Answer = { status: number; body: unknown };

/** Answers as it is told; what a real portal answers is for the end-to-end stories to see. */
class ScriptedPortal {
  readonly requests: string[] = [];
  readonly bodies: unknown[] = [];
  answers: Record<string, Answer> = {};
  url = '';
  readonly #server: Server = createServer(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    let text = '';
    for await (const chunk of request) {
      text += chunk;
    }
    this.requests.push(`${line} ${request.headers.authorization ?? ''}`.trim());
    this.bodies.push(text ? JSON.parse(text) : undefined);
    const { status, body } = this.answers[line] ?? { status: 404, body: {} };
    response.writeHead(status).end(JSON.stringify(body));
  });

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    assert.ok(address && typeof address === 'object');
    this.url = `http://127.0.0.1:${address.port}`;
    const backstageIdentity = { token: 'guest', expiresInSeconds: 3600 };
    this.answers['GET /api/auth/guest/refresh'] = {
      status: 200,
      body: { backstageIdentity },
    };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe('the portal’s API from outside', () => {
  let portal: ScriptedPortal;
  let api: PortalApi;
  beforeEach(async () => {
    portal = new ScriptedPortal();
    await portal.listen();
    api = new PortalApi({ url: portal.url });
  });
  afterEach(() => portal.close());

  it('signs in once, as guest', async () => {
    const path = '/api/kubenova/clusters/fra1';
    portal.answers[`GET ${path}`] = { status: 200, body: { name: 'fra1' } };
    assert.equal((await api.getCluster('fra1'))?.name, 'fra1');
    await api.getCluster('fra1');
    assert.deepEqual(portal.requests, [
      'GET /api/auth/guest/refresh',
      `GET ${path} Bearer guest`,
      `GET ${path} Bearer guest`,
    ]);
  });

  it('has nothing where there is nothing', async () => {
    assert.equal(await api.getTenant('nobody'), undefined);
  });

  it('throws a refusal with its code and sentence', async () => {
    portal.answers['POST /api/kubenova/tenants'] = {
      status: 409,
      body: { error: { code: 'NAME_TAKEN', message: 'Choose another name.' } },
    };
    await assert.rejects(api.createTenant({ name: 'acme', clusters: [] }), {
      name: 'PortalApiError',
      status: 409,
      code: 'NAME_TAKEN',
      message: 'Choose another name.',
    });
  });

  it('says that guests are refused', async () => {
    portal.answers['GET /api/auth/guest/refresh'] = { status: 403, body: {} };
    await assert.rejects(api.getTenant('acme'), /Guest sign-in was refused/);
  });

  it('is told the newest progress and not all that came before', async () => {
    const path = '/api/kubenova/clusters/fra1/progress';
    portal.answers[`PUT ${path}`] = { status: 200, body: {} };
    const told = new ProgressTold({ api, clusters: ['fra1'] });
    for (const index of [1, 2, 3, 4]) {
      told.tell({ step: 'x', index, total: 4, message: `part ${index}` });
    }
    await told.told();
    assert.deepEqual(portal.bodies.filter(Boolean), [
      { message: 'part 1', percent: 0 },
      { message: 'part 4', percent: 75 },
    ]);
  });
});
