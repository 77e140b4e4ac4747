import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { randomUUID } from 'node:crypto';
import { Envelope } from '../../../crypto';
import { createCaCertificate, generatePrivateKey } from './certificates';

interface InstallationRow {
  id: string;
  ca_certificate: string | null;
  ca_key_sealed: string | null;
  server_key_sealed: string | null;
}

/** A CA of the installation's own and the listener's key, all in PEM. */
export interface OwnAuthority {
  caCertificate: string;
  caKey: string;
  /** Kept, so that it is the same in all replicas and after restarts: shown join commands pin it. */
  serverKey: string;
}

/** The installation's id; made when it is asked for the first time. */
export async function ensureInstallationId(db: Knex): Promise<string> {
  // Replicas may start at once: one makes the row, all read what is there afterwards.
  await db('installation')
    .insert({ id: randomUUID() })
    .onConflict('singleton')
    .ignore();
  const row = await db<InstallationRow>('installation').first('id');
  return row!.id;
}

/**
 * The installation's CA, made when it is asked for the first time.
 *
 * @throws InputError where its keys were sealed with another key than the configured one.
 */
export async function ensureOwnAuthority(options: {
  db: Knex;
  envelope: Envelope;
  now: DateTime;
}): Promise<OwnAuthority> {
  const { db, envelope } = options;
  const installationId = await ensureInstallationId(db);
  const present = await db<InstallationRow>('installation').first();
  if (!present?.ca_certificate) {
    const caKey = generatePrivateKey();
    await db<InstallationRow>('installation')
      .whereNull('ca_certificate') // another replica's is kept
      .update({
        ca_certificate: await createCaCertificate({
          caKey,
          installationId,
          now: options.now,
        }),
        ca_key_sealed: envelope.seal(caKey, 'installation/ca'),
        server_key_sealed: envelope.seal(
          generatePrivateKey(),
          'installation/server',
        ),
      });
  }
  const row = (await db<InstallationRow>('installation').first())!;
  return {
    caCertificate: row.ca_certificate!,
    caKey: envelope.open(row.ca_key_sealed!, 'installation/ca'),
    serverKey: envelope.open(row.server_key_sealed!, 'installation/server'),
  };
}
