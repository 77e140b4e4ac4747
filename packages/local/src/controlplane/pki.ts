import { generateKeyPairSync } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Authority, type Subject } from './authority.ts';

/** A name in every API server's certificate: clients that reach it at an address which the certificate lacks ask for this. */
export const API_SERVER_NAME = 'kubernetes.default.svc';

/** Paths of a certificate and its key. */
export type Pair = { certificate: string; key: string };

/** The files of a control plane's PKI; `pair` gives the paths of a certificate by its file name. */
export type Pki = {
  dir: string;
  /** Certificate of the cluster's authority. */
  ca: string;
  caKey: string;
  /** etcd trusts an authority of its own: a certificate of the cluster, a kubelet's say, must not open the database. */
  etcdCa: string;
  serviceAccountKey: string;
  serviceAccountPublicKey: string;
  pair(name: string): Pair;
};

function pathsIn(dir: string): Pki {
  const pair = (name: string): Pair => ({
    certificate: join(dir, `${name}.crt`),
    key: join(dir, `${name}.key`),
  });
  return {
    dir,
    ca: pair('ca').certificate,
    caKey: pair('ca').key,
    etcdCa: pair('etcd-ca').certificate,
    serviceAccountKey: join(dir, 'service-account.key'),
    serviceAccountPublicKey: join(dir, 'service-account.pub'),
    pair,
  };
}

async function writePair(
  pki: Pki,
  name: string,
  pem: { certificate: string; key: string },
): Promise<void> {
  const { certificate, key } = pki.pair(name);
  await writeFile(certificate, pem.certificate);
  await writeFile(key, pem.key, { mode: 0o600 });
}

async function writeServiceAccountKeys(pki: Pki): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFile(pki.serviceAccountKey, privateKey, { mode: 0o600 });
  await writeFile(pki.serviceAccountPublicKey, publicKey);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Subjects that every control plane has; `addresses` are where its API server answers. */
function controlPlaneSubjects(addresses: string[]): Record<string, Subject> {
  return {
    'kube-apiserver': {
      commonName: 'kube-apiserver',
      addresses,
      dnsNames: [
        'localhost',
        'kubernetes',
        'kubernetes.default',
        API_SERVER_NAME,
        `${API_SERVER_NAME}.cluster.local`,
      ],
    },
    admin: { commonName: 'kubenova-admin', organizations: ['system:masters'] },
  };
}

/**
 * Makes the certificates and keys of a control plane in `dir`, once: a folder that has them is left as it is.
 * `subjects` are further certificates of the cluster's authority by file name.
 */
export async function ensurePki(options: {
  dir: string;
  /** IP addresses at which the API server answers. */
  addresses: string[];
  subjects?: Record<string, Subject>;
}): Promise<Pki> {
  const pki = pathsIn(options.dir);
  // Written last, so that a folder from an interrupted attempt is made anew.
  const complete = join(options.dir, 'complete');
  if (await exists(complete)) return pki;
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const cluster = await Authority.create({ commonName: 'kubernetes-ca' });
  await writePair(pki, 'ca', cluster.pem);
  const subjects = {
    ...controlPlaneSubjects(options.addresses),
    ...options.subjects,
  };
  for (const [name, subject] of Object.entries(subjects))
    await writePair(pki, name, await cluster.issue(subject));
  const etcd = await Authority.create({ commonName: 'etcd-ca' });
  await writePair(pki, 'etcd-ca', etcd.pem);
  await writePair(
    pki,
    'etcd',
    await etcd.issue({ commonName: 'etcd', addresses: ['127.0.0.1'] }),
  );
  await writePair(
    pki,
    'etcd-client',
    await etcd.issue({ commonName: 'kube-apiserver' }),
  );
  await writeServiceAccountKeys(pki);
  await writeFile(complete, '');
  return pki;
}
