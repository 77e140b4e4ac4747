/**
 * Brings the cluster to what its NovaClusterConfig says. One key, reconciled as a whole: object → components in order → status → events.
 *
 * A component that fails does not hold back those after it; one that is being installed does, so that two Helm runs never meet.
 */
import { parse } from 'yaml';
import {
  kinds,
  KubeApiError,
  messageOf,
  toLinkConditions,
} from '../kube/index.ts';
import type {
  ApplyResults,
  Informer,
  KubeClient,
  Reconciled,
  Reports,
} from '../kube/index.ts';
import type { FieldConflict } from '../kube/KubeApiError.ts';
import type { Clock } from '../link/clock.ts';
import type {
  ConditionSource,
  DesiredState,
  DesiredStates,
} from '../link/types.ts';
import { capacityOf } from './capacity.ts';
import type {
  ComponentReconciler,
  ReconciledComponent,
} from './components/ComponentReconciler.ts';
import { COMPONENTS } from './components/definitions.ts';
import type { ComponentStates } from './ComponentStates.ts';
import {
  applyConfig,
  getConfig,
  overriddenMessage,
} from './config/applyConfig.ts';
import { nextStatus, toLinkComponents } from './status.ts';
import type { NovaClusterConfig } from './types.ts';

export const CONFIG_KEY = 'cluster/config';

export type ClusterReconcilerOptions = {
  kube: KubeClient;
  desired: DesiredStates;
  nodes: Informer;
  components: ComponentReconciler;
  states: ComponentStates;
  results: ApplyResults;
  reports: Reports;
  conditions: readonly ConditionSource[];
  clock: Clock;
  operatorVersion: string;
};

export class ClusterReconciler {
  readonly #options: ClusterReconcilerOptions;
  #kubernetesVersion?: string;

  constructor(options: ClusterReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(): Promise<Reconciled> {
    const wanted = this.#options.desired.get(CONFIG_KEY);
    if (wanted && wanted.yaml === undefined) {
      return this.#forget(wanted);
    }
    const overridden = wanted ? await this.#apply(wanted) : [];
    const config = await getConfig(this.#options.kube);
    if (!config) {
      await this.#report(undefined, 0);
      return { result: 'waiting' };
    }
    const components = await this.#reconcileComponents(config);
    const updated = await this.#writeStatus(config, components, overridden);
    this.#options.states.update(components.map(({ status }) => status));
    await this.#report(updated, wanted?.generation ?? 0);
    const pauses = components.flatMap(({ againInMs }) => againInMs ?? []);
    return pauses.length > 0
      ? { result: 'again', afterMs: Math.min(...pauses) }
      : { result: 'done' };
  }

  /** The configuration is given up; what was installed stays, for whoever takes the cluster over. */
  async #forget(wanted: DesiredState): Promise<Reconciled> {
    const { kube, results, desired } = this.#options;
    const config = await getConfig(kube);
    if (config?.metadata.uid) {
      await kube.delete(
        kinds.NOVA_CLUSTER_CONFIG,
        { name: 'cluster' },
        { uid: config.metadata.uid },
      );
    }
    results.tell(wanted, 'Deleted', 'What was installed stays installed');
    desired.confirmDeleted(wanted.key, wanted.generation);
    return { result: 'done' };
  }

  async #apply(wanted: DesiredState): Promise<FieldConflict[]> {
    const { kube, results } = this.#options;
    try {
      const { overridden } = await applyConfig({
        kube,
        wanted: parse(wanted.yaml ?? '') as NovaClusterConfig,
        generation: wanted.generation,
      });
      results.tell(wanted, 'Applied');
      return overridden;
    } catch (error) {
      if (KubeApiError.is(error)) {
        results.tell(wanted, 'Failed', messageOf(error));
      }
      throw error;
    }
  }

  async #reconcileComponents(
    config: NovaClusterConfig,
  ): Promise<ReconciledComponent[]> {
    const reconciled: ReconciledComponent[] = [];
    for (const component of COMPONENTS) {
      const before = reconciled.find(
        ({ status }) => status.phase === 'Installing',
      );
      reconciled.push(
        before
          ? {
              status: {
                name: component.name,
                phase: 'Pending',
                message: `waiting for ${before.status.name}`,
              },
            }
          : await this.#options.components.reconcile(component, config.spec),
      );
    }
    return reconciled;
  }

  async #writeStatus(
    config: NovaClusterConfig,
    components: readonly ReconciledComponent[],
    overridden: FieldConflict[],
  ): Promise<NovaClusterConfig> {
    const { kube, clock, conditions } = this.#options;
    const status = nextStatus({
      config,
      components: components.map(component => component.status),
      overridden: overriddenMessage(config, overridden),
      conditions: conditions.map(source => source.condition()),
      now: clock.now(),
    });
    const { apiVersion, kind } = config;
    await kube.apply(
      { apiVersion, kind, metadata: { name: 'cluster' }, status },
      { force: true, subresource: 'status' },
    );
    return { ...config, status };
  }

  async #report(
    config: NovaClusterConfig | undefined,
    generation: number,
  ): Promise<void> {
    const { kube, nodes, reports, operatorVersion } = this.#options;
    this.#kubernetesVersion ??= await kube.version();
    const status = config?.status;
    reports.report('status/cluster', {
      case: 'clusterStatus',
      value: {
        generation,
        phase: (status?.phase ?? 'Pending') as 'Pending',
        components: toLinkComponents(status?.components),
        conditions: toLinkConditions(status?.conditions ?? []),
        kubernetesVersion: this.#kubernetesVersion,
        operatorVersion,
        capacity: capacityOf(nodes.all()),
      },
    });
  }
}
