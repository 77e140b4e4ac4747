import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ensurePki } from './pki.ts';

describe('ensurePki', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kubenova-pki-'));
  });

  afterEach(() => rm(dir, { recursive: true }));

  it('keeps what it made', async () => {
    const first = await ensurePki({ dir, addresses: ['127.0.0.1'] });
    const before = await readFile(first.ca, 'utf8');
    const second = await ensurePki({ dir, addresses: ['127.0.0.1'] });
    assert.equal(await readFile(second.ca, 'utf8'), before);
  });

  it('makes everything anew when it was interrupted', async () => {
    const first = await ensurePki({ dir, addresses: ['127.0.0.1'] });
    const before = await readFile(first.ca, 'utf8');
    await rm(join(dir, 'complete'));
    const second = await ensurePki({ dir, addresses: ['127.0.0.1'] });
    assert.notEqual(await readFile(second.ca, 'utf8'), before);
  });

  it('gives etcd an authority that knows no certificate of the cluster', async () => {
    const pki = await ensurePki({ dir, addresses: ['127.0.0.1'] });
    const etcdCa = new X509Certificate(await readFile(pki.etcdCa));
    const admin = new X509Certificate(
      await readFile(pki.pair('admin').certificate),
    );
    const client = new X509Certificate(
      await readFile(pki.pair('etcd-client').certificate),
    );
    assert.equal(admin.verify(etcdCa.publicKey), false);
    assert.equal(client.verify(etcdCa.publicKey), true);
  });

  it('lets nobody else read private keys', async () => {
    const pki = await ensurePki({ dir, addresses: ['127.0.0.1'] });
    for (const key of [pki.caKey, pki.serviceAccountKey, pki.pair('admin').key])
      assert.equal((await stat(key)).mode & 0o777, 0o600);
  });
});
