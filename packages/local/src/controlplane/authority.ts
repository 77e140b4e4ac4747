import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/*
 * Certificates of a local control plane: P-256 throughout, valid for ten years, since a datacenter that is resumed
 * after a long rest has to come up without anybody renewing anything. They authenticate processes of one machine to
 * each other and nothing else.
 */

const ALGORITHM = {
  name: 'ECDSA',
  namedCurve: 'P-256',
  hash: 'SHA-256',
} as const;
const VALIDITY_YEARS = 10;
/** Clocks of a virtual machine may jump back a little after a pause. */
const BACKDATED_MS = 3_600_000;

/** A certificate and its private key, both PEM. */
export type KeyPair = { certificate: string; key: string };

/** What a certificate says of its bearer; Kubernetes reads the common name as user, organizations as groups. */
export type Subject = {
  commonName: string;
  organizations?: string[];
  /** IP addresses a server answers at; with `dnsNames` they make it a server's certificate too. */
  addresses?: string[];
  dnsNames?: string[];
};

type Keys = webcrypto.CryptoKeyPair;

function generateKeys(): Promise<Keys> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function keyPem(keys: Keys): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}

function serialNumber(): string {
  const bytes = randomBytes(16);
  // The number is signed: a leading 1 bit would make it negative, a leading 0 byte not canonical.
  bytes[0] = (bytes[0] & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function validity(now: Date): { notBefore: Date; notAfter: Date } {
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(now.getUTCFullYear() + VALIDITY_YEARS);
  return { notBefore: new Date(now.getTime() - BACKDATED_MS), notAfter };
}

function nameOf(subject: Subject): string {
  const organizations = (subject.organizations ?? []).map(
    organization => new x509.Name([{ O: [organization] }]),
  );
  const common = new x509.Name([{ CN: [subject.commonName] }]);
  return [...organizations, common].map(name => name.toString()).join(', ');
}

function extensionsOf(subject: Subject): x509.Extension[] {
  const alternativeNames = [
    ...(subject.addresses ?? []).map(value => ({ type: 'ip', value } as const)),
    ...(subject.dnsNames ?? []).map(value => ({ type: 'dns', value } as const)),
  ];
  const usages = [x509.ExtendedKeyUsage.clientAuth];
  if (alternativeNames.length > 0)
    usages.push(x509.ExtendedKeyUsage.serverAuth);
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(usages),
    ...(alternativeNames.length > 0
      ? [new x509.SubjectAlternativeNameExtension(alternativeNames)]
      : []),
  ];
}

/** A certificate authority whose private key stays in memory and, as PEM, with its caller. */
export class Authority {
  readonly #keys: Keys;
  readonly #certificate: x509.X509Certificate;
  readonly #now: Date;
  readonly pem: KeyPair;

  private constructor(options: {
    keys: Keys;
    certificate: x509.X509Certificate;
    pem: KeyPair;
    now: Date;
  }) {
    this.#keys = options.keys;
    this.#certificate = options.certificate;
    this.#now = options.now;
    this.pem = options.pem;
  }

  static async create(options: {
    commonName: string;
    now?: Date;
  }): Promise<Authority> {
    const now = options.now ?? new Date();
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: nameOf({ commonName: options.commonName }),
      ...validity(now),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    const pem = {
      certificate: `${certificate.toString('pem')}\n`,
      key: await keyPem(keys),
    };
    return new Authority({ keys, certificate, pem, now });
  }

  /** A certificate for a client, and for a server too when the subject has addresses or names. */
  async issue(subject: Subject): Promise<KeyPair> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: nameOf(subject),
      issuer: this.#certificate.subject,
      ...validity(this.#now),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        ...extensionsOf(subject),
        await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
      ],
    });
    return {
      certificate: `${certificate.toString('pem')}\n`,
      key: await keyPem(keys),
    };
  }
}
