import type {
  ApplicationStatus,
  ApplyResult,
  ClusterStatus,
  DesiredState,
  DesiredStates,
  Events,
  OperatorEvent,
  OperatorEventBody,
  SampledHour,
  Samples,
  SnapshotRequest,
  Snapshots,
  TenantStatus,
  UsageSample,
} from '../link/types.ts';

/** The journal's sides as reconcilers see them, in memory: for tests that are about reconcilers. */
export class MemoryJournal {
  readonly put: OperatorEvent[] = [];
  readonly sampled: UsageSample[] = [];
  readonly closed: SampledHour[] = [];
  readonly #states = new Map<string, DesiredState>();
  readonly #listeners = new Set<(key: string) => void>();
  readonly #snapshotListeners = new Set<
    (request: SnapshotRequest) => Promise<void>
  >();

  readonly events: Events = { put: event => this.put.push(event) };

  readonly desired: DesiredStates = {
    list: () => [...this.#states.values()],
    get: key => this.#states.get(key),
    confirmDeleted: (key, generation) => {
      if (this.#states.get(key)?.generation === generation) {
        this.#states.delete(key);
      }
    },
    onChange: listener => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  readonly samples: Samples = {
    add: sample => this.sampled.push(sample),
    closeHours: (_before, emit) =>
      this.closed.splice(0).forEach(hour => this.put.push(emit(hour))),
  };

  readonly snapshots: Snapshots = {
    onRequest: listener => {
      this.#snapshotListeners.add(listener);
      return () => this.#snapshotListeners.delete(listener);
    },
  };

  /** As if the Manager had sent it. */
  want(state: DesiredState): void {
    this.#states.set(state.key, state);
    this.#listeners.forEach(listener => listener(state.key));
  }

  async requestSnapshot(): Promise<void> {
    const request = { wants: () => true };
    await Promise.all(
      [...this.#snapshotListeners].map(listen => listen(request)),
    );
  }

  /** The last outcome of a desired state. */
  outcome(key: string): ApplyResult | undefined {
    const body = this.#last(`apply/${key}`);
    return body?.case === 'applyResult' ? body.value : undefined;
  }

  clusterStatus(): ClusterStatus | undefined {
    const body = this.#last('status/cluster');
    return body?.case === 'clusterStatus' ? body.value : undefined;
  }

  tenantStatus(tenant: string): TenantStatus | undefined {
    const body = this.#last(`status/tenants/${tenant}`);
    return body?.case === 'tenantStatus' ? body.value : undefined;
  }

  applicationStatus(
    tenant: string,
    application: string,
  ): ApplicationStatus | undefined {
    const body = this.#last(`status/applications/${tenant}/${application}`);
    return body?.case === 'applicationStatus' ? body.value : undefined;
  }

  #last(key: string): OperatorEventBody | undefined {
    return this.put.findLast(event => event.key === key)?.body;
  }
}
