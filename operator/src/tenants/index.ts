import {
  ApplyResults,
  Informer,
  kinds,
  messageOf,
  Reports,
  SnapshotAnswers,
  TENANT_LABEL,
  WorkQueue,
} from '../kube/index.ts';
import type { Kind, KubeClient, Logger } from '../kube/index.ts';
import type { Components } from '../clusters/index.ts';
import type { Clock } from '../link/clock.ts';
import type { DesiredStates, Events, Snapshots } from '../link/types.ts';
import { tenantKey, TenantReconciler } from './TenantReconciler.ts';
import { TenantRegistry } from './TenantRegistry.ts';
import type { NovaTenant, TenantStates } from './types.ts';

export type { TenantStates } from './types.ts';

export type TenantsOptions = {
  kube: KubeClient;
  desired: DesiredStates;
  events: Events;
  snapshots: Snapshots;
  components: Components;
  clock: Clock;
  log: Logger;
};

export type Tenants = {
  /** Follows the tenants until the signal fires. */
  start(signal: AbortSignal): Promise<void>;
  /** What other rooms ask. */
  states: TenantStates;
};

/** Kinds of children, each with the tenant's label: a change of one wakes its tenant, which repairs it. */
const CHILD_KINDS: readonly Kind[] = [
  kinds.SERVICE_ACCOUNT,
  kinds.ROLE_BINDING,
  kinds.CAPSULE_TENANT,
  kinds.CAPSULE_TENANT_OWNER,
  kinds.PROJECT,
];

/** Tenants are independent of one another; a few at once keep a slow one from holding up the rest. */
const CONCURRENCY = 4;

/** NovaTenant: a tenant's place in this cluster, and everything that is made out of it. */
export function createTenants(options: TenantsOptions): Tenants {
  const { kube, log, clock, desired, components } = options;
  const queue = new WorkQueue({
    concurrency: CONCURRENCY,
    clock,
    onFault: (name, error) =>
      log.warn('the tenant will be tried again', {
        tenant: name,
        error: messageOf(error),
      }),
  });
  const shared = { kube, log, clock };
  const labelled = (kind: Kind) =>
    new Informer({
      ...shared,
      kind,
      selection: { labelSelector: TENANT_LABEL },
    });
  const tenants = new Informer<NovaTenant>({
    ...shared,
    kind: kinds.NOVA_TENANT,
  });
  const namespaces = labelled(kinds.NAMESPACE);
  const children = [namespaces, ...CHILD_KINDS.map(labelled)];
  const registry = new TenantRegistry({ tenants, namespaces });
  const reports = new Reports(options);
  const answers = new SnapshotAnswers(options);
  const reconciler = new TenantReconciler({
    ...options,
    registry,
    reports,
    results: new ApplyResults({ reports }),
  });
  tenants.onChange(({ metadata }) => queue.add(metadata.name));
  children.forEach(informer =>
    informer.onChange(({ metadata }) => {
      const tenant = metadata.labels?.[TENANT_LABEL];
      if (tenant) {
        queue.add(tenant);
      }
    }),
  );
  namespaces.onChange(({ metadata }) => {
    const tenant = metadata.labels?.[TENANT_LABEL];
    if (tenant) {
      registry.tell(tenant);
    }
  });
  const wakeKey = (key: string) => {
    if (key.startsWith(tenantKey(''))) {
      queue.add(key.slice(tenantKey('').length));
    }
  };
  return {
    states: registry,
    async start(signal) {
      const ends = [
        desired.onChange(wakeKey),
        components.onChange(() => registry.names().forEach(queue.add, queue)),
        () => answers.end(),
      ];
      desired.list().forEach(({ key }) => wakeKey(key));
      const informers = [tenants, ...children];
      answers.begin({
        reports,
        settled: () => informers.every(({ synced }) => synced) && queue.idle,
      });
      await Promise.all([
        ...informers.map(informer => informer.run(signal)),
        queue.run(name => reconciler.reconcile(name), signal),
      ]);
      ends.forEach(end => end());
    },
  };
}
