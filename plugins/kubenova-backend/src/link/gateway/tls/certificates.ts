import 'reflect-metadata'; // @peculiar/x509 needs it, and before itself
import * as x509 from '@peculiar/x509';
import { DateTime } from 'luxon';
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto';
import { isIP } from 'node:net';

const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const CA_YEARS = 20;
const SERVER_DAYS = 397;

/** A new P-256 private key as PKCS#8 in PEM. */
export function generatePrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The certificate of a CA of the installation's own, in PEM. */
export async function createCaCertificate(options: {
  caKey: string;
  installationId: string;
  now: DateTime;
}): Promise<string> {
  const keys = await importKeys(options.caKey);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=KubeNova ${options.installationId}`,
    notBefore: options.now.minus({ hours: 1 }).toJSDate(),
    notAfter: options.now.plus({ years: CA_YEARS }).toJSDate(),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return certificate.toString('pem');
}

/** A certificate for the listener, signed by the installation's CA, good for the hosts (names or addresses). In PEM. */
export async function createServerCertificate(options: {
  caCertificate: string;
  caKey: string;
  serverKey: string;
  hosts: readonly string[];
  now: DateTime;
}): Promise<string> {
  const ca = new x509.X509Certificate(options.caCertificate);
  const caKeys = await importKeys(options.caKey);
  const { publicKey } = await importKeys(options.serverKey);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=KubeNova link',
    issuer: ca.subject,
    notBefore: options.now.minus({ hours: 1 }).toJSDate(),
    notAfter: options.now.plus({ days: SERVER_DAYS }).toJSDate(),
    signingAlgorithm: SIGNING,
    publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        options.hosts.map(
          (host): x509.JsonGeneralName => ({
            type: isIP(host) ? 'ip' : 'dns',
            value: host,
          }),
        ),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return certificate.toString('pem');
}

async function importKeys(pem: string): Promise<CryptoKeyPair> {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const [imported, importedPublic] = await Promise.all([
    globalThis.crypto.subtle.importKey(
      'pkcs8',
      privateKey.export({ type: 'pkcs8', format: 'der' }),
      SIGNING,
      true,
      ['sign'],
    ),
    globalThis.crypto.subtle.importKey(
      'spki',
      publicKey.export({ type: 'spki', format: 'der' }),
      SIGNING,
      true,
      ['verify'],
    ),
  ]);
  return { privateKey: imported, publicKey: importedPublic };
}

/** Positive and random, in hex. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] % 0x7f) + 1;
  return bytes.toString('hex');
}
