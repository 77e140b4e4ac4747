import {
  ApplyResults,
  Informer,
  kinds,
  messageOf,
  Reports,
  SnapshotAnswers,
  WorkQueue,
} from '../kube/index.ts';
import type { KubeClient, Logger } from '../kube/index.ts';
import type { Components } from '../clusters/index.ts';
import type { Clock } from '../link/clock.ts';
import type { DesiredStates, Events, Snapshots } from '../link/types.ts';
import type { TenantStates } from '../tenants/index.ts';
import { ApplicationObserver } from './ApplicationObserver.ts';
import { ApplicationReconciler } from './ApplicationReconciler.ts';
import { applicationKey, parseApplicationKey } from './keys.ts';
import { trimPod } from './trimPod.ts';
import type { Application, ApplicationPod } from './types.ts';

export type ApplicationsOptions = {
  kube: KubeClient;
  desired: DesiredStates;
  events: Events;
  snapshots: Snapshots;
  components: Components;
  tenants: TenantStates;
  clock: Clock;
  log: Logger;
};

export type Applications = {
  /** Applies and observes applications until the signal fires. */
  start(signal: AbortSignal): Promise<void>;
};

const CONCURRENCY = 8;

/** Applications: applied as their tenants' owners, and observed, whoever made them. */
export function createApplications(options: ApplicationsOptions): Applications {
  const answers = new SnapshotAnswers(options);
  return { start: signal => run(options, answers, signal) };
}

async function run(
  options: ApplicationsOptions,
  answers: SnapshotAnswers,
  signal: AbortSignal,
): Promise<void> {
  const { kube, desired, components, tenants, clock, log } = options;
  const queue = new WorkQueue({
    concurrency: CONCURRENCY,
    clock,
    onFault: (key, error) =>
      log.warn('the application will be tried again', {
        key,
        error: messageOf(error),
      }),
  });
  const shared = { kube, clock, log };
  const applications = new Informer<Application>({
    ...shared,
    kind: kinds.APPLICATION,
  });
  const pods = new Informer<ApplicationPod>({
    ...shared,
    kind: kinds.POD,
    selection: { labelSelector: 'app.oam.dev/name' },
    trim: trimPod,
  });
  const reports = new Reports(options);
  const results = new ApplyResults({ reports });
  const reconciler = new ApplicationReconciler({ ...options, results });
  const observer = new ApplicationObserver({
    ...options,
    applications,
    pods,
    reports,
  });
  applications.onChange((application, change) => {
    observer.applicationChanged(application, change);
    const { name, namespace = '', deletionTimestamp } = application.metadata;
    const tenant = tenants.tenantOf(namespace);
    if (tenant && (change === 'gone' || deletionTimestamp)) {
      queue.add(applicationKey({ tenant, application: name }));
    }
  });
  pods.onChange(pod => observer.podChanged(pod));
  const wake = (belongs: (tenant: string) => boolean) =>
    desired.list().forEach(({ key }) => {
      const name = parseApplicationKey(key);
      if (name && belongs(name.tenant)) {
        queue.add(key);
      }
    });
  const ends = [
    desired.onChange(key => parseApplicationKey(key) && queue.add(key)),
    components.onChange(() => wake(() => true)),
    tenants.onChange(tenant => {
      wake(name => name === tenant);
      observer.tenantChanged(tenant);
    }),
    () => answers.end(),
    () => observer.stop(),
  ];
  wake(() => true);
  answers.begin({
    reports,
    settled: () =>
      applications.synced && pods.synced && tenants.synced() && queue.idle,
  });
  await Promise.all([
    applications.run(signal),
    pods.run(signal),
    queue.run(key => reconciler.reconcile(key), signal),
  ]);
  ends.forEach(end => end());
}
