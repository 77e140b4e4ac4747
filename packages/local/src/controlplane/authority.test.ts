import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Authority } from './authority.ts';

describe('Authority', () => {
  it('issues certificates that carry user, groups and addresses', async () => {
    const authority = await Authority.create({ commonName: 'kubernetes-ca' });
    const { certificate } = await authority.issue({
      commonName: 'system:node:node-1',
      organizations: ['system:nodes'],
      addresses: ['10.97.0.1'],
      dnsNames: ['node-1'],
    });
    const issued = new X509Certificate(certificate);
    assert.equal(issued.subject, 'O=system:nodes\nCN=system:node:node-1');
    assert.equal(issued.subjectAltName, 'IP Address:10.97.0.1, DNS:node-1');
    assert.equal(issued.ca, false);
  });

  it('signs what it issues, and nothing of another authority', async () => {
    const [ours, theirs] = await Promise.all(
      ['ours', 'theirs'].map(commonName => Authority.create({ commonName })),
    );
    const issued = new X509Certificate(
      (await ours.issue({ commonName: 'client' })).certificate,
    );
    const keyOf = (authority: Authority) =>
      new X509Certificate(authority.pem.certificate).publicKey;
    assert.equal(issued.verify(keyOf(ours)), true);
    assert.equal(issued.verify(keyOf(theirs)), false);
  });

  it('is valid for ten years from an hour ago', async () => {
    const now = new Date('2026-03-01T12:00:00Z');
    const authority = await Authority.create({ commonName: 'ca', now });
    const issued = new X509Certificate(
      (await authority.issue({ commonName: 'client' })).certificate,
    );
    assert.equal(
      issued.validFromDate.toISOString(),
      '2026-03-01T11:00:00.000Z',
    );
    assert.equal(issued.validToDate.toISOString(), '2036-03-01T12:00:00.000Z');
  });

  it('makes both ends of a TLS connection trust each other', async () => {
    const authority = await Authority.create({ commonName: 'ca' });
    const server = await authority.issue({
      commonName: 'server',
      addresses: ['127.0.0.1'],
    });
    const client = await authority.issue({ commonName: 'client' });
    const ca = authority.pem.certificate;
    const listening = createServer({
      ca,
      cert: server.certificate,
      key: server.key,
      requestCert: true,
      rejectUnauthorized: true,
    });
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const address = listening.address();
    assert.ok(address && typeof address === 'object');
    const accepted = once(listening, 'secureConnection');
    const socket = connect({
      host: '127.0.0.1',
      port: address.port,
      ca,
      cert: client.certificate,
      key: client.key,
    });
    const [peer] = (await accepted) as [TLSSocket];
    assert.equal(peer.authorized, true);
    assert.equal(peer.getPeerCertificate().subject.CN, 'client');
    socket.destroy();
    listening.close();
  });
});
