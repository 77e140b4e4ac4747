/**
 * Tells how each Application in a tenant's namespace is, with every change as it happens, whoever made it.
 *
 * An application's progress is measured from when its phase, its revision or its services last changed; a deadline that passes is told
 * without any change in the cluster, so the observer looks again by itself.
 */
import type { DateTime } from 'luxon';
import { isDeepStrictEqual } from 'node:util';
import { appsNamespace, objectKey } from '../kube/index.ts';
import type { Informer, KubeObject, Reports } from '../kube/index.ts';
import type { Clock } from '../link/clock.ts';
import type { TenantStates } from '../tenants/index.ts';
import { assessHealth } from './health/assessHealth.ts';
import { goneStatus, toApplicationStatus } from './toApplicationStatus.ts';
import type { Application, ApplicationPod } from './types.ts';

/** KubeVela's label of the pods of an application's workloads. */
const APPLICATION_LABEL = 'app.oam.dev/name';

type Progress = { seen: unknown; at: DateTime };

export type ApplicationObserverOptions = {
  applications: Informer<Application>;
  pods: Informer<ApplicationPod>;
  tenants: TenantStates;
  reports: Reports;
  clock: Clock;
};

export class ApplicationObserver {
  readonly #options: ApplicationObserverOptions;
  readonly #progress = new Map<string, Progress>();
  readonly #rechecks = new Map<string, () => void>();

  constructor(options: ApplicationObserverOptions) {
    this.#options = options;
  }

  applicationChanged(
    application: Application,
    change: 'present' | 'gone',
  ): void {
    const key = objectKey(application);
    if (change === 'present') {
      this.#observe(key);
      return;
    }
    this.#cancelRecheck(key);
    this.#progress.delete(key);
    const tenant = this.#tenantOf(application);
    if (tenant) {
      this.#options.reports.conclude(reportKey(tenant, application), {
        case: 'applicationStatus',
        value: goneStatus(tenant, application),
      });
    }
  }

  podChanged(pod: KubeObject): void {
    const name = pod.metadata.labels?.[APPLICATION_LABEL];
    if (name) {
      this.#observe(
        objectKey({ metadata: { namespace: pod.metadata.namespace, name } }),
      );
    }
  }

  /** Which namespaces are the tenant's may have changed. */
  tenantChanged(tenant: string): void {
    this.#options.applications
      .all()
      .filter(application => this.#tenantOf(application) === tenant)
      .forEach(application => this.#observe(objectKey(application)));
  }

  /** Cancels what would look again. */
  stop(): void {
    [...this.#rechecks.keys()].forEach(key => this.#cancelRecheck(key));
  }

  #observe(key: string): void {
    const { applications, reports, clock } = this.#options;
    const application = applications.get(key);
    const tenant = application && this.#tenantOf(application);
    if (!application || !tenant) {
      return;
    }
    const health = assessHealth({
      application,
      pods: this.#podsOf(application),
      progressedAt: this.#progressOf(key, application),
      now: clock.now(),
    });
    this.#cancelRecheck(key);
    if (health.recheckInMs !== undefined) {
      this.#rechecks.set(
        key,
        clock.after(health.recheckInMs, () => this.#observe(key)),
      );
    }
    reports.report(reportKey(tenant, application), {
      case: 'applicationStatus',
      value: toApplicationStatus(tenant, application, health),
    });
  }

  /** A tenant's first namespace has its name from the start; others are known once Capsule has labelled them. */
  #tenantOf(application: Application): string | undefined {
    const { namespace = '' } = application.metadata;
    const { tenants } = this.#options;
    return (
      tenants.tenantOf(namespace) ??
      tenants.names().find(name => appsNamespace(name) === namespace)
    );
  }

  #podsOf(application: Application): ApplicationPod[] {
    const { name, namespace } = application.metadata;
    return this.#options.pods
      .all()
      .filter(
        ({ metadata }) =>
          metadata.namespace === namespace &&
          metadata.labels?.[APPLICATION_LABEL] === name,
      );
  }

  #progressOf(key: string, application: Application): DateTime {
    const { status, services } = application.status ?? {};
    const seen = [application.metadata.generation, status, services];
    const known = this.#progress.get(key);
    if (known && isDeepStrictEqual(known.seen, seen)) {
      return known.at;
    }
    const at = this.#options.clock.now();
    this.#progress.set(key, { seen, at });
    return at;
  }

  #cancelRecheck(key: string): void {
    this.#rechecks.get(key)?.();
    this.#rechecks.delete(key);
  }
}

function reportKey(tenant: string, application: Application): string {
  return `status/applications/${tenant}/${application.metadata.name}`;
}
