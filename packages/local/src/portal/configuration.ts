import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Instance } from '../instance/index.ts';
import type { Postgres } from '../postgres/index.ts';

export type LocalConfigurationOptions = {
  instance: Instance;
  postgres: Pick<Postgres, 'host' | 'port' | 'user' | 'password'>;
  /** Where the Manager's link listens; every datacenter has to reach it. */
  linkAddress: string;
  /** Where the pages come from; the backend itself unless they are served by a development server. */
  appPort?: number;
};

/**
 * Writes what only this machine may have: guest sign-in, generated keys, ports, the database's password. Both the file
 * and its secrets are readable by their owner alone, and git ignores them.
 *
 * @returns the files to start the backend with, in order
 */
export function writeLocalConfiguration(
  options: LocalConfigurationOptions,
): string[] {
  const { instance } = options;
  const file =
    path.basename(instance.stateDir) === 'default'
      ? path.join(instance.root, 'app-config.local.yaml')
      : path.join(instance.stateDir, 'app-config.yaml');
  const heading =
    '# Written by ./kubenova at each start; what you change here is lost. Not for real installations.\n';
  writePrivately(file, heading + stringify(localConfiguration(options)));
  return [path.join(instance.root, 'app-config.yaml'), file];
}

function localConfiguration(options: LocalConfigurationOptions) {
  const { instance, postgres, linkAddress } = options;
  const { portal, link } = instance.ports;
  const { host, port, user, password } = postgres;
  return {
    app: { baseUrl: `http://localhost:${options.appPort ?? portal}` },
    backend: {
      baseUrl: `http://localhost:${portal}`,
      listen: { host: '127.0.0.1', port: portal },
      cors: { origin: `http://localhost:${options.appPort ?? portal}` },
      database: { client: 'pg', connection: { host, port, user, password } },
    },
    auth: {
      providers: { guest: { dangerouslyAllowOutsideDevelopment: true } },
    },
    catalog: {
      locations: ['catalog-info.yaml', 'packages/local/guest.yaml'].map(
        file => ({ type: 'file', target: path.join(instance.root, file) }),
      ),
    },
    kubenova: {
      encryptionKey: ensureEncryptionKey(instance.stateDir),
      link: {
        listen: `${linkAddress}:${link}`,
        publicUrl: `https://${linkAddress}:${link}`,
      },
    },
  };
}

/** Kept beside the database whose rows it opens, so that one is never without the other. */
function ensureEncryptionKey(stateDir: string): string {
  const file = path.join(stateDir, 'encryption.key');
  if (!existsSync(file)) {
    writePrivately(file, randomBytes(32).toString('base64'));
  }
  return readFileSync(file, 'utf8');
}

function writePrivately(file: string, content: string): void {
  writeFileSync(file, content, { mode: 0o600 });
  // The mode above counts only for a file that is new.
  chmodSync(file, 0o600);
}
