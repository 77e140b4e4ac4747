import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { withPostgres, type Postgres } from '../postgres/index.ts';
import { freePort } from '../processes/freePort.ts';
import { ensurePortalBuild, startBackend, type PortalBuild } from './index.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const CONFIG_FILES = ['app-config.yaml', 'app-config.production.yaml'].map(
  file => path.join(ROOT, file),
);

describe('the production build with the committed configuration alone', () => {
  let build: PortalBuild;
  let stateDir: string;
  before(async () => {
    build = await ensurePortalBuild({ root: ROOT });
    stateDir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-production-'));
  });
  after(() => rmSync(stateDir, { recursive: true, force: true }));

  async function productionEnv(postgres: Postgres) {
    const [port, linkPort] = [await freePort(), await freePort()];
    return {
      PATH: process.env.PATH,
      HOME: stateDir,
      KUBENOVA_BASE_URL: `http://localhost:${port}`,
      KUBENOVA_LISTEN_HOST: '127.0.0.1',
      KUBENOVA_LISTEN_PORT: String(port),
      KUBENOVA_LINK_LISTEN: `127.0.0.1:${linkPort}`,
      KUBENOVA_LINK_URL: `https://localhost:${linkPort}`,
      KUBENOVA_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
      POSTGRES_HOST: postgres.host,
      POSTGRES_PORT: String(postgres.port),
      POSTGRES_USER: postgres.user,
      POSTGRES_PASSWORD: postgres.password,
    };
  }

  const start = (env: NodeJS.ProcessEnv, configFiles = CONFIG_FILES) =>
    startBackend({
      build,
      name: 'portal',
      url: String(env.KUBENOVA_BASE_URL),
      configFiles,
      stateDir,
      env,
    });

  it('serves the portal and refuses guests', () =>
    withPostgres(async postgres => {
      const portal = await start(await productionEnv(postgres));
      try {
        const page = await fetch(portal.url);
        assert.equal(page.status, 200);
        assert.match(await page.text(), /<title>KubeNova<\/title>/);

        const guest = await fetch(`${portal.url}/api/auth/guest/refresh`, {
          headers: { 'x-requested-with': 'XMLHttpRequest' },
        });
        assert.equal(guest.status, 403);
        assert.match(await guest.text(), /guest provider cannot be used/);

        const clusters = await fetch(`${portal.url}/api/kubenova/clusters`);
        assert.equal(clusters.status, 401);
      } finally {
        await portal.stop();
      }
    }));

  it('tells Prometheus and a collector of traces, where that is asked for', () =>
    withPostgres(async postgres => {
      const spans: string[] = [];
      const collector = createServer(async (request, response) => {
        spans.push(...spansOf(await text(request)));
        response.end('{}');
      }).listen(0, '127.0.0.1');
      await once(collector, 'listening');
      const { port } = collector.address() as AddressInfo;
      const env = await productionEnv(postgres);
      const listen = `127.0.0.1:${await freePort()}`;
      const file = path.join(stateDir, 'telemetry.yaml');
      const traces = { url: `http://127.0.0.1:${port}/v1/traces` };
      const asked = { telemetry: { prometheus: { listen }, traces } };
      writeFileSync(file, stringify({ kubenova: asked }));
      const portal = await start(env, [...CONFIG_FILES, file]);
      try {
        // No operator has this token: the attempt is counted, and is a step of a trace.
        const refused = await fetchEnroll(String(env.KUBENOVA_LINK_URL));
        assert.notEqual(refused, 200);
        const metrics = await (await fetch(`http://${listen}/metrics`)).text();
        assert.match(metrics, /^kubenova_link_outbox_depth\{.*\} 0$/m);
        assert.match(metrics, /^kubenova_link_enrolments_total\{.*\} 1$/m);
      } finally {
        await portal.stop();
        collector.close();
      }
      // Told at the latest when the backend ends.
      assert.ok(spans.includes('kubenova.link.enrol'), spans.join());
    }));

  it('does not start without the encryption key, and says what to do', () =>
    withPostgres(async postgres => {
      const { KUBENOVA_ENCRYPTION_KEY: _, ...env } = await productionEnv(
        postgres,
      );
      await assert.rejects(start(env), /kubenova\.encryptionKey/);
    }));
});

/** The names in a request to a collector. */
function spansOf(body: string): string[] {
  type Scope = { spans: Array<{ name: string }> };
  const { resourceSpans }: { resourceSpans: Array<{ scopeSpans: Scope[] }> } =
    JSON.parse(body);
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans.map(({ name }) => name));
}

/** Asks the link to enrol with a token that does not exist, by the Connect protocol. The status of the answer. */
function fetchEnroll(linkUrl: string): Promise<number | undefined> {
  const body = JSON.stringify({
    joinToken: 'unknown',
    novaClusterId: randomUUID(),
    publicKey: Buffer.alloc(32).toString('base64'),
  });
  return new Promise((resolve, reject) => {
    https
      .request(`${linkUrl}/kubenova.link.v1.LinkService/Enroll`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        // The certificate is of the installation's own CA, which nobody was given here.
        rejectUnauthorized: false,
      })
      .on('response', response => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject)
      .end(body);
  });
}
