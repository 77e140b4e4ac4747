import { ConfigReader } from '@backstage/config';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { DateTime } from 'luxon';
import { X509Certificate } from 'node:crypto';
import { Envelope } from '../../../crypto';
import { useTestDatabase } from '../../__testUtils__/testDatabase';
import { DEFAULT_LIMITS, DEFAULT_PERIODS, LinkSettings } from '../../settings';
import {
  createCaCertificate,
  createServerCertificate,
  generatePrivateKey,
} from './certificates';
import { createListenerIdentity } from './identity';

const now = DateTime.fromISO('2026-11-24T06:00:00Z', { zone: 'utc' });
const settings: LinkSettings = {
  listen: { host: '10.7.0.1', port: 7443 },
  publicUrl: 'https://manager.example:7443',
  periods: DEFAULT_PERIODS,
  limits: DEFAULT_LIMITS,
};

function envelope(byte = 1): Envelope {
  const encryptionKey = Buffer.alloc(32, byte).toString('base64');
  return Envelope.fromConfig(new ConfigReader({ kubenova: { encryptionKey } }));
}

describe('createListenerIdentity', () => {
  const database = useTestDatabase();
  const directory = createMockDirectory();

  const create = (options: { tls?: LinkSettings['tls']; key?: number } = {}) =>
    createListenerIdentity({
      settings: { ...settings, tls: options.tls },
      db: database.db,
      envelope: envelope(options.key),
      now,
    });

  it('is good for the public name and the address, and signed by the CA that operators pin', async () => {
    const { tls, address } = await create();
    const certificate = new X509Certificate(tls.cert);
    const ca = new X509Certificate(address.caPem);

    expect(certificate.checkHost('manager.example')).toBe('manager.example');
    expect(certificate.checkIP('10.7.0.1')).toBe('10.7.0.1');
    expect(certificate.checkIssued(ca)).toBe(true);
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(ca.ca).toBe(true);
  });

  it('is the same for replicas that start at once', async () => {
    await database.db('installation').delete();
    const identities = await Promise.all([create(), create(), create()]);
    const addresses = identities.map(({ address }) => JSON.stringify(address));
    expect(new Set(addresses).size).toBe(1);
  });

  it('keeps no private key in clear, and says when it was sealed with another key', async () => {
    await create();
    const row = await database.db('installation').first();
    expect(JSON.stringify(row)).not.toContain('PRIVATE KEY');
    await expect(create({ key: 2 })).rejects.toThrow(
      'was sealed with another key',
    );
  });

  it('comes from files where they are configured', async () => {
    const [caKey, serverKey] = [generatePrivateKey(), generatePrivateKey()];
    const ca = await createCaCertificate({ caKey, installationId: 'own', now });
    const cert = await createServerCertificate({
      caCertificate: ca,
      caKey,
      serverKey,
      hosts: ['own.example'],
      now,
    });
    directory.setContent({
      'tls.crt': cert,
      'tls.key': serverKey,
      'ca.crt': ca,
    });

    const identity = await create({
      tls: {
        certFile: directory.resolve('tls.crt'),
        keyFile: directory.resolve('tls.key'),
        caFile: directory.resolve('ca.crt'),
      },
    });

    expect(identity.tls).toEqual({ cert, key: serverKey });
    expect(identity.address.caPem).toBe(ca);
  });
});
