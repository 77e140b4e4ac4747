import type { Cluster } from '@kubenova/plugin-kubenova-common';
import { mustRun } from '../processes/runCommand.ts';
import type { PortalApi } from './PortalApi.ts';

export type JoinClusterOptions = {
  api: PortalApi;
  cluster: Cluster;
  /** An administrator's. */
  kubeconfig: string;
  /** Holds kubectl. */
  binDir: string;
  signal: AbortSignal;
};

/**
 * Joins a cluster as a person would: by running the line that the portal shows. Does nothing where the cluster's operator
 * already is this very cluster's.
 */
export async function joinCluster(
  options: JoinClusterOptions,
): Promise<'joined' | 'was joined before'> {
  const { api, cluster, signal } = options;
  const env = {
    ...process.env,
    KUBECONFIG: options.kubeconfig,
    PATH: `${options.binDir}:${process.env.PATH}`,
  };
  if ((await operatorsClusterId(env, signal)) === cluster.novaClusterId) {
    return 'was joined before';
  }
  const { command } = await api.createJoinCommand(cluster.name);
  await mustRun('sh', ['-ec', command], { env, signal });
  return 'joined';
}

/** Which cluster the operator that is installed there, if any, believes to be in. */
async function operatorsClusterId(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { stdout } = await mustRun(
    'kubectl',
    [
      ...['get', 'deployment', 'kubenova-operator'],
      ...['--namespace', 'kubenova-system', '--ignore-not-found'],
      ...['--output', 'json'],
    ],
    { env, signal },
  );
  if (!stdout.trim()) {
    return undefined;
  }
  const deployment = JSON.parse(stdout) as OperatorDeployment;
  return deployment.spec.template.spec.containers
    .flatMap(container => container.env ?? [])
    .find(variable => variable.name === 'NOVA_CLUSTER_ID')?.value;
}

type OperatorDeployment = {
  spec: {
    template: {
      spec: {
        containers: Array<{ env?: Array<{ name: string; value?: string }> }>;
      };
    };
  };
};
