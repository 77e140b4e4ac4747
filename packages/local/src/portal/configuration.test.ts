import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { parse } from 'yaml';
import type { Instance } from '../instance/index.ts';
import { writeLocalConfiguration } from './configuration.ts';

describe('the configuration of this machine', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'kubenova-configuration-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(name: string) {
    const stateDir = path.join(root, '.kubenova', name);
    mkdirSync(stateDir, { recursive: true });
    const instance: Instance = {
      id: 'abcd',
      root,
      stateDir,
      runDir: '/run/kubenova/abcd',
      cacheDir: root,
      network: 7,
      ports: { portal: 7001, link: 7002, postgres: 7003 },
    };
    const connection = {
      host: '127.0.0.1',
      port: 7003,
      user: 'postgres',
      password: 'secret',
    };
    const [committed, local] = writeLocalConfiguration({
      instance,
      postgres: connection,
      linkAddress: '10.7.0.1',
    });
    return { committed, local, content: parse(readFileSync(local, 'utf8')) };
  }

  it('comes after what is committed, and only its owner can read it', () => {
    const file = path.join(root, 'app-config.local.yaml');
    writeFileSync(file, 'from an earlier start', { mode: 0o644 });
    const { committed, local } = write('default');
    assert.equal(committed, path.join(root, 'app-config.yaml'));
    assert.equal(local, file);
    assert.equal(statSync(local).mode & 0o777, 0o600);
  });

  it('names this machine’s ports and addresses', () => {
    const { content } = write('default');
    assert.equal(content.app.baseUrl, 'http://localhost:7001');
    assert.equal(content.backend.database.connection.password, 'secret');
    assert.deepEqual(content.kubenova.link, {
      listen: '10.7.0.1:7002',
      publicUrl: 'https://10.7.0.1:7002',
    });
  });

  it('keeps the encryption key, as the database holds what it opens', () => {
    const key = write('default').content.kubenova.encryptionKey;
    assert.equal(Buffer.from(key, 'base64').length, 32);
    assert.equal(write('default').content.kubenova.encryptionKey, key);
  });

  it('of another instance is another file with another key', () => {
    const first = write('default');
    const second = write('test');
    assert.equal(
      second.local,
      path.join(root, '.kubenova/test/app-config.yaml'),
    );
    assert.notEqual(
      second.content.kubenova.encryptionKey,
      first.content.kubenova.encryptionKey,
    );
  });
});
