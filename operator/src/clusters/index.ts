import {
  ApplyResults,
  COMPONENT_LABEL,
  Informer,
  INSTALLER_NAMESPACE,
  kinds,
  messageOf,
  Reports,
  SnapshotAnswers,
  WorkQueue,
} from '../kube/index.ts';
import type { KubeClient, Logger, Reconciled } from '../kube/index.ts';
import type { Clock } from '../link/clock.ts';
import type {
  ConditionSource,
  DesiredStates,
  Events,
  Snapshots,
} from '../link/types.ts';
import { CONFIG_KEY, ClusterReconciler } from './ClusterReconciler.ts';
import { ComponentReconciler } from './components/ComponentReconciler.ts';
import { COMPONENTS } from './components/definitions.ts';
import { deploymentSelector } from './components/findComponent.ts';
import { ComponentStates } from './ComponentStates.ts';
import { Installer } from './installer/Installer.ts';
import { readReleaseFiles } from './installer/releasePlans.ts';
import { ReleaseRecords } from './installer/ReleaseRecords.ts';
import { prepare } from './prepare.ts';
import type { Assets, Components } from './types.ts';

export type {
  Assets,
  ComponentName,
  Components,
  NovaClusterConfig,
} from './types.ts';

export type ClustersOptions = {
  kube: KubeClient;
  desired: DesiredStates;
  events: Events;
  snapshots: Snapshots;
  clock: Clock;
  log: Logger;
  /** Shown among the conditions of the NovaClusterConfig. */
  conditions: readonly ConditionSource[];
  assets: Assets;
  /** This operator's image, which the installer Jobs run too, and its release. */
  operator: { image: string; version: string };
};

export type Clusters = {
  /** Puts CRDs and admission policies in place: before anything else is applied. */
  prepare(signal: AbortSignal): Promise<void>;
  /** Follows the configuration until the signal fires. */
  start(signal: AbortSignal): Promise<void>;
  /** What other rooms ask. */
  components: Components;
};

const SYNC_POLL_MS = 200;

/** NovaClusterConfig: what is installed in this cluster, and how it is. */
export function createClusters(options: ClustersOptions): Clusters {
  const states = new ComponentStates();
  const answers = new SnapshotAnswers(options);
  return {
    components: states,
    prepare: signal => prepare({ ...options, ...options.assets }, signal),
    start: signal => run(options, { states, answers }, signal),
  };
}

async function run(
  options: ClustersOptions,
  { states, answers }: { states: ComponentStates; answers: SnapshotAnswers },
  signal: AbortSignal,
): Promise<void> {
  const { kube, desired, clock, log, assets } = options;
  const queue = new WorkQueue({
    concurrency: 1,
    clock,
    onFault: (key, error) =>
      log.warn('the configuration will be tried again', {
        key,
        error: messageOf(error),
      }),
  });
  const wake = () => queue.add(CONFIG_KEY);
  const shared = { kube, log, clock };
  const nodes = new Informer({ ...shared, kind: kinds.NODE });
  const configs = new Informer({ ...shared, kind: kinds.NOVA_CLUSTER_CONFIG });
  const jobs = new Informer({
    ...shared,
    kind: kinds.JOB,
    selection: {
      namespace: INSTALLER_NAMESPACE,
      labelSelector: COMPONENT_LABEL,
    },
  });
  const deployments = new Informer({
    ...shared,
    kind: kinds.DEPLOYMENT,
    selection: { labelSelector: deploymentSelector(COMPONENTS) },
  });
  const informers = [nodes, configs, jobs, deployments];
  const reports = new Reports(options);
  const reconciler = new ClusterReconciler({
    ...options,
    nodes,
    states,
    reports,
    results: new ApplyResults({ reports }),
    operatorVersion: options.operator.version,
    components: new ComponentReconciler({
      kube,
      deployments,
      assets,
      clock,
      files: await readReleaseFiles(COMPONENTS, assets),
      records: new ReleaseRecords({ kube }),
      installer: new Installer({
        kube,
        jobs,
        clock,
        image: options.operator.image,
      }),
    }),
  });
  informers.forEach(informer => informer.onChange(wake));
  // Decisions on a copy that is not filled yet would install what is there already.
  let reconciledOnce = false;
  const reconcile = async (): Promise<Reconciled> => {
    if (!informers.every(({ synced }) => synced)) {
      return { result: 'again', afterMs: SYNC_POLL_MS };
    }
    try {
      return await reconciler.reconcile();
    } finally {
      reconciledOnce = true;
    }
  };
  answers.begin({ reports, settled: () => reconciledOnce });
  const ends = [
    desired.onChange(key => key === CONFIG_KEY && wake()),
    ...options.conditions.map(source => source.onChange(wake)),
    () => answers.end(),
  ];
  wake();
  await Promise.all([
    ...informers.map(informer => informer.run(signal)),
    queue.run(reconcile, signal),
  ]);
  ends.forEach(end => end());
}
