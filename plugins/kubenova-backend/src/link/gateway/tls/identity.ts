import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Envelope } from '../../../crypto';
import { LinkSettings } from '../../settings';
import { LinkAddress } from '../../types';
import { createServerCertificate } from './certificates';
import { ensureInstallationId, ensureOwnAuthority } from './installation';

/** Certificate chain and key of the listener, in PEM. */
export interface ListenerTls {
  cert: string;
  key: string;
}

/** What the listener shows to operators. */
export interface ListenerIdentity {
  readonly tls: ListenerTls;
  /** Of the present certificate, also after a `refresh`. */
  readonly address: LinkAddress;
  /**
   * Reads the configured files again, or issues a new certificate where the present one has come to the last third of its life. Returns
   * what the listener is to show from now on, or `undefined` where nothing has changed.
   *
   * @throws Error with a sentence where the files can't be read or do not belong together; what there was stays.
   */
  refresh(now: DateTime): Promise<ListenerTls | undefined>;
}

interface IdentityOptions {
  settings: LinkSettings;
  db: Knex;
  envelope: Envelope;
  now: DateTime;
}

type Material = ListenerTls & { caPem: string };

/**
 * The listener's certificate: from the configured files, or issued by the installation's own CA for the public URL's host and the
 * address that is listened on.
 */
export async function createListenerIdentity(
  options: IdentityOptions,
): Promise<ListenerIdentity> {
  const { settings } = options;
  const installationId = await ensureInstallationId(options.db);
  const renew = async (present: Material, now: DateTime) => {
    if (settings.tls) {
      return readFiles(settings.tls);
    }
    return isInLastThird(present.cert, now)
      ? issue({ ...options, now })
      : present;
  };
  let present = settings.tls
    ? await readFiles(settings.tls)
    : await issue(options);
  const tls = () => ({ cert: present.cert, key: present.key });
  return {
    get tls() {
      return tls();
    },
    address: {
      publicUrl: settings.publicUrl,
      installationId,
      get caPem() {
        return present.caPem;
      },
      get pinnedKey() {
        return pinnedKey(present.cert);
      },
    },
    async refresh(now) {
      const next = await renew(present, now);
      const isNew =
        next.cert !== present.cert ||
        next.key !== present.key ||
        next.caPem !== present.caPem;
      present = next;
      return isNew ? tls() : undefined;
    },
  };
}

async function readFiles(
  tls: NonNullable<LinkSettings['tls']>,
): Promise<Material> {
  const [cert, key, caPem] = await Promise.all(
    [tls.certFile, tls.keyFile, tls.caFile].map(file => readFile(file, 'utf8')),
  );
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new Error(
      `The key in ${tls.keyFile} is not that of the certificate in ${tls.certFile}; replace both at once`,
    );
  }
  return { cert, key, caPem };
}

function isInLastThird(certificate: string, now: DateTime): boolean {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  const from = validFromDate.getTime();
  const to = validToDate.getTime();
  return now.toMillis() > from + (2 / 3) * (to - from);
}

async function issue(options: IdentityOptions): Promise<Material> {
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
