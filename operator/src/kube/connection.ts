/**
 * How the API server is reached.
 *
 * Read here rather than with @kubernetes/client-node, whose generated models cost 86 MB of resident memory merely by being loaded: two
 * thirds of what the operator may have in all.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type KubeConnection = {
  server: URL;
  ca: string;
  /** The name in the server's certificate, where it is not the address's. */
  servername?: string;
  certificate?: { cert: string; key: string };
  /** Asked before each request: tokens of ServiceAccounts are renewed on disk while the process runs. */
  token?: () => string;
};

const ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The connection of a pod, as its own ServiceAccount. @throws Error outside a cluster. */
export function inClusterConnection(
  env: NodeJS.ProcessEnv,
  accountDir = ACCOUNT_DIR,
): KubeConnection {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) {
    throw new Error(
      'This is not a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set',
    );
  }
  const address = host.includes(':') ? `[${host}]` : host;
  return {
    server: new URL(`https://${address}:${port}`),
    ca: readFileSync(`${accountDir}/ca.crt`, 'utf8'),
    token: () => readFileSync(`${accountDir}/token`, 'utf8').trim(),
  };
}

type Kubeconfig = {
  'current-context': string;
  contexts: Array<{ name: string; context: { cluster: string; user: string } }>;
  clusters: Array<{
    name: string;
    cluster: {
      server: string;
      'certificate-authority'?: string;
      'certificate-authority-data'?: string;
      'tls-server-name'?: string;
    };
  }>;
  users: Array<{
    name: string;
    user: {
      token?: string;
      'client-certificate'?: string;
      'client-certificate-data'?: string;
      'client-key'?: string;
      'client-key-data'?: string;
    };
  }>;
};

/** The current context of a kubeconfig file: for development and tests. */
export function kubeconfigConnection(path: string): KubeConnection {
  const config = parse(readFileSync(path, 'utf8')) as Kubeconfig;
  const context = config.contexts.find(
    ({ name }) => name === config['current-context'],
  )?.context;
  const cluster = config.clusters.find(
    ({ name }) => name === context?.cluster,
  )?.cluster;
  const user = config.users.find(({ name }) => name === context?.user)?.user;
  if (!cluster || !user) {
    throw new Error(
      `${path} has no cluster or no user for its current context`,
    );
  }
  const cert = pem(user['client-certificate'], user['client-certificate-data']);
  const key = pem(user['client-key'], user['client-key-data']);
  const { token } = user;
  return {
    server: new URL(cluster.server),
    ca:
      pem(
        cluster['certificate-authority'],
        cluster['certificate-authority-data'],
      ) ?? '',
    servername: cluster['tls-server-name'],
    certificate: cert && key ? { cert, key } : undefined,
    token: token ? () => token : undefined,
  };
}

function pem(file?: string, base64?: string): string | undefined {
  if (base64) {
    return Buffer.from(base64, 'base64').toString('utf8');
  }
  return file ? readFileSync(file, 'utf8') : undefined;
}
