import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { Authority } from '../controlplane/authority.ts';
import { freePort } from '../processes/freePort.ts';
import { waitUntil } from '../processes/waitUntil.ts';
import { ensureHaproxy, startBalancer, type Balancer } from './index.ts';

const HOST = '127.0.0.1';

/** Answers as a replica of the portal does, and says its name. */
class ScriptedReplica {
  readonly name: string;
  isPortalReady = true;
  isLinkReady = true;
  /** Of portal and link, once they have listened. */
  #addresses: Array<{ host: string; port: number }> = [];
  readonly #portal: http.Server;
  readonly #link: https.Server;

  constructor(name: string, pem: { key: string; certificate: string }) {
    this.name = name;
    this.#portal = http.createServer((request, response) => {
      const isCheck = request.url === '/.backstage/health/v1/readiness';
      response.writeHead(isCheck && !this.isPortalReady ? 503 : 200);
      response.end(name);
    });
    const { key, certificate: cert } = pem;
    this.#link = https.createServer({ key, cert }, (_, response) => {
      const prefix = this.isLinkReady ? '' : 'NOT_';
      response.end(JSON.stringify({ status: `${prefix}SERVING` }));
    });
  }

  /** Listens where it listened before. */
  async start() {
    const [portal, link] = this.#addresses;
    await listen(this.#portal, portal?.port ?? 0);
    await listen(this.#link, link?.port ?? 0);
    this.#addresses = [this.#portal, this.#link].map(server => ({
      host: HOST,
      port: (server.address() as AddressInfo).port,
    }));
    const [atPortal, atLink] = this.#addresses;
    return { name: this.name, portal: atPortal, link: atLink };
  }

  async stop(): Promise<void> {
    for (const server of [this.#portal, this.#link]) {
      server.close();
      server.closeAllConnections();
    }
  }
}

async function listen(server: http.Server, port: number): Promise<void> {
  server.listen(port, HOST);
  await once(server, 'listening');
}

describe('a balancer before two replicas', () => {
  let stateDir: string;
  let replicas: ScriptedReplica[];
  let balancer: Balancer;
  let portalUrl: string;
  let linkPort: number;
  before(async () => {
    stateDir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-balancer-'));
    const authority = await Authority.create({ commonName: 'test' });
    replicas = await Promise.all(
      ['one', 'two'].map(async name => {
        const pem = await authority.issue({
          commonName: name,
          addresses: [HOST],
        });
        return new ScriptedReplica(name, pem);
      }),
    );
    const found = await ensureHaproxy({
      env: process.env,
      signal: new AbortController().signal,
    });
    assert.equal(found.outcome, 'found');
    const [portal, link, health] = await Promise.all(
      [1, 2, 3].map(async () => ({ host: HOST, port: await freePort() })),
    );
    portalUrl = `http://${HOST}:${portal.port}/`;
    linkPort = link.port;
    balancer = await startBalancer({
      command: found.command,
      addresses: { portal, link, health },
      replicas: await Promise.all(replicas.map(each => each.start())),
      stateDir,
    });
    await balancer.untilAllReady();
  });
  after(async () => {
    await balancer?.stop();
    await Promise.all(replicas.map(replica => replica.stop()));
    rmSync(stateDir, { recursive: true });
  });

  /** Who answers each of some requests, without repetition. */
  async function answering(): Promise<string[]> {
    const names = new Set<string>();
    for (let count = 0; count < 10; count++) {
      const response = await fetch(portalUrl);
      assert.equal(response.status, 200);
      names.add(await response.text());
    }
    return [...names].sort();
  }

  /** Whose certificates are shown by some connections to the link, without repetition. */
  async function greeting(): Promise<string[]> {
    const names = new Set<string>();
    for (let count = 0; count < 10; count++) {
      const socket = tls.connect({
        host: HOST,
        port: linkPort,
        rejectUnauthorized: false,
      });
      await once(socket, 'secureConnect');
      names.add(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    }
    return [...names].sort();
  }

  const until = (ask: () => Promise<string[]>, expected: string[]) =>
    waitUntil(
      { what: expected.join(), limitMs: 60_000, intervalMs: 50 },
      async () => ((await ask()).join() === expected.join() ? true : undefined),
    );

  it('spreads requests and links over both, and hands on the TLS of the link as it is', async () => {
    await until(answering, ['one', 'two']);
    await until(greeting, ['one', 'two']);
  });

  it('sends pages to the replica that is ready, and links to the one whose link is', async () => {
    replicas[0].isPortalReady = false;
    replicas[1].isLinkReady = false;
    await until(answering, ['two']);
    await until(greeting, ['one']);
    replicas[0].isPortalReady = true;
    replicas[1].isLinkReady = true;
    await balancer.untilAllReady();
    await until(answering, ['one', 'two']);
    await until(greeting, ['one', 'two']);
  });

  it('turns nobody away between the end of a replica and the next check', async () => {
    await replicas[0].stop();
    // The very next ones: no check has seen it yet, and each call expects all of its requests to be answered.
    assert.deepEqual(await answering(), ['two']);
    assert.deepEqual(await greeting(), ['two']);
    await replicas[0].start();
    await balancer.untilAllReady();
    await until(answering, ['one', 'two']);
  });
});

it('says how to get HAProxy where it is missing', async () => {
  const found = await ensureHaproxy({
    env: { PATH: '/nowhere' },
    signal: new AbortController().signal,
  });
  assert.equal(found.outcome, 'missing');
  assert.match(found.how, /apt-get install haproxy/);
});
