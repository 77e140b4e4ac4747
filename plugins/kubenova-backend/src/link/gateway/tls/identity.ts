import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Envelope } from '../../../crypto';
import { LinkSettings } from '../../settings';
import { LinkAddress } from '../../types';
import { createServerCertificate } from './certificates';
import { ensureInstallationId, ensureOwnAuthority } from './installation';

/** What the listener shows to operators. */
export interface ListenerIdentity {
  /** Certificate chain and key of the listener, in PEM. */
  tls: { cert: string; key: string };
  address: LinkAddress;
}

/**
 * The listener's certificate: from the configured files, or issued by the installation's own CA for the public URL's host and the
 * address that is listened on.
 */
export async function createListenerIdentity(options: {
  settings: LinkSettings;
  db: Knex;
  envelope: Envelope;
  now: DateTime;
}): Promise<ListenerIdentity> {
  const { settings, db } = options;
  const installationId = await ensureInstallationId(db);
  const { cert, key, caPem } = settings.tls
    ? await readFiles(settings.tls)
    : await issue(options);
  return {
    tls: { cert, key },
    address: {
      publicUrl: settings.publicUrl,
      installationId,
      caPem,
      pinnedKey: pinnedKey(cert),
    },
  };
}

async function readFiles(tls: NonNullable<LinkSettings['tls']>) {
  const [cert, key, caPem] = await Promise.all(
    [tls.certFile, tls.keyFile, tls.caFile].map(file => readFile(file, 'utf8')),
  );
  return { cert, key, caPem };
}

async function issue(options: {
  settings: LinkSettings;
  db: Knex;
  envelope: Envelope;
  now: DateTime;
}) {
  const authority = await ensureOwnAuthority(options);
  const publicHost = new URL(options.settings.publicUrl).hostname.replace(
    /^\[|\]$/g,
    '',
  );
  const hosts = new Set([
    publicHost,
    options.settings.listen.host,
    'localhost',
    '127.0.0.1',
  ]);
  const cert = await createServerCertificate({
    ...authority,
    hosts: [...hosts],
    now: options.now,
  });
  return { cert, key: authority.serverKey, caPem: authority.caCertificate };
}

/** The certificate's public key as curl's --pinnedpubkey takes it. */
function pinnedKey(certificate: string): string {
  const spki = new X509Certificate(certificate).publicKey.export({
    type: 'spki',
    format: 'der',
  });
  return `sha256//${createHash('sha256').update(spki).digest('base64')}`;
}
