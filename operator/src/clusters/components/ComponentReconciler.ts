import type { Clock } from '../../link/clock.ts';
import type { ComponentStatus } from '../../link/types.ts';
import type { Informer, KubeClient } from '../../kube/index.ts';
import type { Installer } from '../installer/Installer.ts';
import { planRelease } from '../installer/releasePlans.ts';
import type { ReleaseFiles, ReleasePlan } from '../installer/releasePlans.ts';
import type { ReleaseRecords } from '../installer/ReleaseRecords.ts';
import type { Assets, NovaClusterConfig } from '../types.ts';
import { ensureAdministrator } from './administrators.ts';
import type { ComponentDefinition } from './definitions.ts';
import { findComponent } from './findComponent.ts';
import type { FoundComponent } from './findComponent.ts';

export type ReconciledComponent = {
  status: Omit<ComponentStatus, 'changedAt'>;
  /** When to look again, where nothing in the cluster will call. */
  againInMs?: number;
};

export type ComponentReconcilerOptions = {
  kube: KubeClient;
  deployments: Informer;
  installer: Installer;
  records: ReleaseRecords;
  files: ReleaseFiles;
  assets: Assets;
  clock: Clock;
};

const UNAVAILABLE_RECHECK_MS = 10_000;
/** Pods restart with their node; that is no error yet. */
const RESTART_GRACE_MS = 3 * 60_000;

/** Takes one component a step further, and says how it is. */
export class ComponentReconciler {
  readonly #options: ComponentReconcilerOptions;

  constructor(options: ComponentReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(
    component: ComponentDefinition,
    spec: NovaClusterConfig['spec'],
  ): Promise<ReconciledComponent> {
    const { kube, deployments, records } = this.#options;
    const found = await findComponent({ kube, deployments, component });
    const recorded = await records.get(component.name);
    if (recorded === undefined && found) {
      return this.#adopted(component, found);
    }
    if (!spec[component.flag]) {
      return found
        ? this.#running(component, found)
        : {
            status: {
              name: component.name,
              phase: 'Disabled',
              message: `${component.title} is not installed here, and the configuration does not ask for it`,
            },
          };
    }
    return this.#managed(component, spec, recorded, found);
  }

  async #managed(
    component: ComponentDefinition,
    spec: NovaClusterConfig['spec'],
    recorded: string | undefined,
    found: FoundComponent | undefined,
  ): Promise<ReconciledComponent> {
    const { records, installer, files, assets } = this.#options;
    const plan = planRelease({ component, files, assets, spec });
    if (!plan) {
      return {
        status: {
          name: component.name,
          phase: 'Error',
          message: `This operator's image has no chart of ${component.title}`,
        },
      };
    }
    if (recorded === undefined) {
      await records.set(component.name, '');
    }
    if (recorded === plan.hash) {
      if (found) {
        return this.#running(component, found);
      }
      // Somebody uninstalled it: begin anew.
      await records.set(component.name, '');
      await installer.clear(plan);
    }
    return this.#install(plan, found);
  }

  async #install(
    plan: ReleasePlan,
    found: FoundComponent | undefined,
  ): Promise<ReconciledComponent> {
    const { component, version } = plan;
    const next = await this.#options.installer.next(plan);
    switch (next.step) {
      case 'working':
        return {
          status: {
            name: component.name,
            phase: 'Installing',
            version: found?.version,
            message: next.message,
          },
        };
      case 'failed':
        return {
          status: {
            name: component.name,
            phase: 'Error',
            version: found?.version,
            message: next.message,
          },
          againInMs: next.retryInMs,
        };
      case 'installed':
        await this.#options.records.set(component.name, plan.hash);
        return found
          ? this.#running(component, found)
          : {
              status: { name: component.name, phase: 'Installing', version },
              againInMs: 1_000,
            };
      default:
        throw new Error(`Unknown step ${JSON.stringify(next)}`);
    }
  }

  async #adopted(
    component: ComponentDefinition,
    found: FoundComponent,
  ): Promise<ReconciledComponent> {
    if (component.name === 'capsule') {
      await ensureAdministrator(this.#options.kube);
    }
    const running = this.#running(component, found);
    return found.available
      ? {
          status: {
            ...running.status,
            message: `Found in the cluster; KubeNova uses it and does not manage it`,
          },
        }
      : running;
  }

  #running(
    component: ComponentDefinition,
    found: FoundComponent,
  ): ReconciledComponent {
    const { name } = component;
    const { version } = found;
    if (found.available) {
      return { status: { name, phase: 'Ready', version } };
    }
    const now = this.#options.clock.now();
    const downMs = now.diff(found.since ?? now).toMillis();
    return {
      status: {
        name,
        phase: downMs < RESTART_GRACE_MS ? 'Pending' : 'Error',
        version,
        message: `${component.title} is installed, but none of its pods is available`,
      },
      againInMs: UNAVAILABLE_RECHECK_MS,
    };
  }
}
