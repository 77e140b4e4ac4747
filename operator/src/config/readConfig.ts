/** What the operator is told from outside: its environment, and the files of the join manifest. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQuantity } from '../kube/quantity.ts';

export type OperatorConfig = {
  /** `https://host:port` of the Manager's link. */
  managerUrl: string;
  /** The only CA that is trusted for it, in PEM. */
  managerCa: string;
  /** The Manager's UUID: another installation is refused. */
  installationId: string;
  /** novaClusterID: a UUID. */
  clusterId: string;
  /** Read when it is needed: once enrolled, it may be gone. */
  joinTokenFile: string;
  // The next three are what the cluster was joined with. They are checked here; the NovaClusterConfig, which carries the same, decides.
  /** The StorageClass of volumes that KubeNova makes; absent: none was named. */
  storageClass?: string;
  /** Annotations of Services of type LoadBalancer that KubeNova makes. */
  lbAnnotations: Record<string, string>;
  /** Where tenants reach capsule-proxy; absent: the operator finds it. */
  capsuleProxyUrl?: string;
  podName: string;
  podNamespace: string;
  /** This operator's own image, which Helm Jobs run too. */
  image: string;
  journalFile: string;
  /** What events may take in the journal, in bytes (E10); absent: its default. */
  journalBudgetBytes?: number;
  /** CRDs, policies, charts and values of this release. */
  assetsDir: string;
  /** A kubeconfig, outside a cluster; absent in a pod. */
  kubeconfig?: string;
  healthPort: number;
  /** Where Prometheus may ask; absent: nowhere (M4). */
  metricsPort?: number;
};

/** One sentence for each thing that people have to put right. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws ConfigError with everything that is missing or wrong, not just the first. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
): OperatorConfig {
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return undefined as T;
    }
  };
  const required = (name: string) => attempt(() => requiredValue(env, name));
  const configDir = env.NOVA_CONFIG_DIR || '/etc/kubenova';
  const stateDir = env.NOVA_STATE_DIR || '/var/lib/kubenova';
  const managerFile = (name: string) =>
    attempt(() => readManifestFile(join(configDir, 'manager', name)));

  const config: OperatorConfig = {
    managerUrl: attempt(() => managerUrl(env)),
    managerCa: managerFile('ca.crt'),
    installationId: managerFile('installation-id'),
    clusterId: attempt(() => clusterId(env)),
    joinTokenFile: join(configDir, 'join', 'token'),
    storageClass: env.TARGET_STORAGE_CLASS || undefined,
    lbAnnotations: attempt(() => lbAnnotations(env)),
    capsuleProxyUrl: env.NOVA_CAPS_PROX_URL || undefined,
    podName: required('POD_NAME'),
    podNamespace: required('POD_NAMESPACE'),
    image: required('NOVA_OPERATOR_IMAGE'),
    journalFile: join(stateDir, 'journal.db'),
    journalBudgetBytes: attempt(() => journalBudget(env)),
    assetsDir: env.NOVA_ASSETS_DIR || '/app',
    kubeconfig: env.KUBECONFIG || undefined,
    healthPort: Number(env.NOVA_HEALTH_PORT || 8080),
    metricsPort: attempt(() => metricsPort(env)),
  };
  if (problems.length) {
    throw new ConfigError(problems);
  }
  return config;
}

type Env = Readonly<Record<string, string | undefined>>;

function requiredValue(env: Env, name: string): string {
  const value = env[name];
  if (!value) {
    throw new Error(
      `Set the environment variable ${name}: the join manifest does it.`,
    );
  }
  return value;
}

function metricsPort(env: Env): number | undefined {
  const text = env.NOVA_METRICS_PORT;
  if (!text) {
    return undefined;
  }
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(
      `NOVA_METRICS_PORT must be a port, such as 9464, not "${text}".`,
    );
  }
  return port;
}

function managerUrl(env: Env): string {
  const text = requiredValue(env, 'NOVA_MANAGER_URL');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') {
    throw new Error(
      `NOVA_MANAGER_URL must be like https://manager.example.com:8443, not "${text}".`,
    );
  }
  return url.origin;
}

function clusterId(env: Env): string {
  const id = requiredValue(env, 'NOVA_CLUSTER_ID');
  if (!UUID.test(id)) {
    throw new Error(`NOVA_CLUSTER_ID must be a UUID, not "${id}".`);
  }
  return id;
}

/** Less would leave usage and states without room of their own. */
const SMALLEST_BUDGET_BYTES = 1024 * 1024;

function journalBudget(env: Env): number | undefined {
  const text = env.NOVA_JOURNAL_BUDGET;
  if (!text) {
    return undefined;
  }
  const problem = `NOVA_JOURNAL_BUDGET must be an amount of at least 1Mi, such as 256Mi, not "${text}".`;
  try {
    const bytes = parseQuantity(text).toNumber();
    if (bytes >= SMALLEST_BUDGET_BYTES) {
      return Math.floor(bytes);
    }
  } catch {
    // No quantity is as bad as one that is too small.
  }
  throw new Error(problem);
}

function lbAnnotations(env: Env): Record<string, string> {
  const text = env.TARGET_LB_ANNOTATIONS || '{}';
  const problem = new Error(
    `TARGET_LB_ANNOTATIONS must be a JSON object of strings, such as {"example.com/class":"internal"}, not "${text}".`,
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw problem;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw problem;
  }
  if (Object.values(value).some(each => typeof each !== 'string')) {
    throw problem;
  }
  return value as Record<string, string>;
}

function readManifestFile(path: string): string {
  let text = '';
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch {
    // Missing and empty files are one and the same to people.
  }
  if (!text) {
    throw new Error(
      `The file ${path} is missing or empty: it comes from the ConfigMap kubenova-manager. Apply the join manifest again.`,
    );
  }
  return text;
}
