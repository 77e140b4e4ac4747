import { readFile, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { Pair } from './pki.ts';

/**
 * Writes a kubeconfig that stands by itself: certificates and key are in it, so it can be copied and mounted.
 * `name` is what people see as cluster, user and context.
 */
export async function writeKubeconfig(options: {
  path: string;
  name: string;
  /** `https://host:port`. */
  server: string;
  /** Path of the authority's certificate. */
  ca: string;
  client: Pair;
  /** Set when `server` is an address that the server's certificate does not name. */
  tlsServerName?: string;
}): Promise<void> {
  const { name, server, tlsServerName } = options;
  const base64 = (path: string) => readFile(path, 'base64');
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server,
          'certificate-authority-data': await base64(options.ca),
          ...(tlsServerName ? { 'tls-server-name': tlsServerName } : {}),
        },
      },
    ],
    users: [
      {
        name,
        user: {
          'client-certificate-data': await base64(options.client.certificate),
          'client-key-data': await base64(options.client.key),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  await writeFile(options.path, stringify(kubeconfig), { mode: 0o600 });
}
