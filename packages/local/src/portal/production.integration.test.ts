import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
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

  const start = (env: NodeJS.ProcessEnv) =>
    startBackend({
      build,
      name: 'portal',
      url: String(env.KUBENOVA_BASE_URL),
      configFiles: CONFIG_FILES,
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

  it('does not start without the encryption key, and says what to do', () =>
    withPostgres(async postgres => {
      const { KUBENOVA_ENCRYPTION_KEY: _, ...env } = await productionEnv(
        postgres,
      );
      await assert.rejects(start(env), /kubenova\.encryptionKey/);
    }));
});
