/** A CA and a server certificate for 127.0.0.1, made anew for each test run. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { webcrypto } from 'node:crypto';

export type TestCertificates = { ca: string; cert: string; key: string };

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const USAGES: KeyUsage[] = ['sign', 'verify'];

export async function createTestCertificates(): Promise<TestCertificates> {
  const caKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, USAGES);
  const ca = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=test CA',
      keys: caKeys,
      signingAlgorithm: ALGORITHM,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  );
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, USAGES);
  const certificate = await X509CertificateGenerator.create(
    {
      subject: 'CN=manager',
      issuer: ca.subject,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new SubjectAlternativeNameExtension([
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    },
    webcrypto,
  );
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    ca: ca.toString('pem'),
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${Buffer.from(der).toString(
      'base64',
    )}\n-----END PRIVATE KEY-----\n`,
  };
}

type KeyUsage = Parameters<typeof webcrypto.subtle.generateKey>[2][number];
