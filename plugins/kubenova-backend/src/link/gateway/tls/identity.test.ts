import { ConfigReader } from '@backstage/config';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { DateTime } from 'luxon';
import { X509Certificate } from 'node:crypto';
import { Envelope } from '../../../crypto';
import { eventually } from '../../__testUtils__/eventually';
import { useTestDatabase } from '../../__testUtils__/testDatabase';
import { useTestLinks } from '../../__testUtils__/useTestLinks';
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
  const links = useTestLinks(database);

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

  const own = async (caName = 'own') => {
    const [caKey, serverKey] = [generatePrivateKey(), generatePrivateKey()];
    const ca = await createCaCertificate({
      caKey,
      installationId: caName,
      now,
    });
    const cert = await createServerCertificate({
      caCertificate: ca,
      caKey,
      serverKey,
      hosts: ['own.example', '127.0.0.1'],
      now,
    });
    return { 'tls.crt': cert, 'tls.key': serverKey, 'ca.crt': ca };
  };
  const files = () => ({
    certFile: directory.resolve('tls.crt'),
    keyFile: directory.resolve('tls.key'),
    caFile: directory.resolve('ca.crt'),
  });

  it('comes from files where they are configured, and again when they have changed', async () => {
    const [first, second] = [await own(), await own()];
    directory.setContent(first);
    const identity = await create({ tls: files() });
    expect(identity.tls).toEqual({
      cert: first['tls.crt'],
      key: first['tls.key'],
    });
    expect(identity.address.caPem).toBe(first['ca.crt']);
    expect(await identity.refresh(now)).toBeUndefined();
    const pinned = identity.address.pinnedKey;

    directory.setContent(second);

    const shown = { cert: second['tls.crt'], key: second['tls.key'] };
    expect(await identity.refresh(now)).toEqual(shown);
    expect(identity.tls).toEqual(shown);
    expect(identity.address.caPem).toBe(second['ca.crt']);
    expect(identity.address.pinnedKey).not.toBe(pinned);
  });

  it('stays what it was where files are half replaced, or gone', async () => {
    const [first, second] = [await own(), await own()];
    directory.setContent(first);
    const identity = await create({ tls: files() });

    directory.setContent({ ...first, 'tls.crt': second['tls.crt'] });
    await expect(identity.refresh(now)).rejects.toThrow('replace both at once');
    directory.clear();
    await expect(identity.refresh(now)).rejects.toThrow('ENOENT');

    expect(identity.tls.cert).toBe(first['tls.crt']);
  });

  it('is issued anew in the last third of its life, by the same CA and with the same key', async () => {
    const identity = await create();
    const { cert, key } = identity.tls;
    const { caPem, pinnedKey } = identity.address;
    expect(await identity.refresh(now.plus({ days: 260 }))).toBeUndefined();

    const later = now.plus({ days: 270 });
    const renewed = await identity.refresh(later);

    expect(renewed?.key).toBe(key);
    expect(renewed?.cert).not.toBe(cert);
    expect(identity.address).toMatchObject({ caPem, pinnedKey });
    const { validToDate } = new X509Certificate(identity.tls.cert);
    expect(validToDate.getTime()).toBeGreaterThan(
      later.plus({ days: 390 }).toMillis(),
    );
    expect(await identity.refresh(later.plus({ days: 1 }))).toBeUndefined();
  });

  it('is shown to whoever dials next, without a restart', async () => {
    const [first, second] = [await own(), await own()];
    directory.setContent(first);
    const link = await links.start({
      tls: files(),
      periods: { certificates: 20 },
    });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    directory.setContent(second);

    const dialled = await eventually(
      async () => link.enrolledOperator().catch(() => undefined), // trusts the new CA only once that is shown
      found =>
        found !== undefined && link.link.address.caPem === second['ca.crt'],
    );
    const { welcome } = await dialled!.connect();
    expect(welcome.epoch).toBe(1n);
    await session.receive('heartbeat'); // goes on
  });
});
