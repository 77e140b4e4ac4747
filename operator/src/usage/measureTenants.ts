import { Decimal } from 'decimal.js';
import { kinds, parseQuantity } from '../kube/index.ts';
import type { KubeClient, KubeObject } from '../kube/index.ts';
import type { MeterReading } from '../link/types.ts';
import { holdsResources, podRequest } from './podRequests.ts';
import type { PodSpec } from './podRequests.ts';

export type Meter = MeterReading['meter'];

/** What one tenant requests at one moment: cores, bytes or counts, by meter. */
export type Measured = Record<Meter, Decimal>;

export type TenantNamespaces = {
  names(): string[];
  tenantOf(namespace: string): string | undefined;
};

/**
 * Measures every tenant from one list of each kind. A tenant without anything gets zeros: nothing used is not the same as nothing known.
 *
 * @throws KubeApiError where the API server does not answer: then there is no sample, rather than a wrong one.
 */
export async function measureTenants(
  kube: KubeClient,
  tenants: TenantNamespaces,
): Promise<Map<string, Measured>> {
  const measured = new Map(
    tenants.names().map(tenant => [tenant, nothing()] as const),
  );
  const each = (
    objects: readonly KubeObject[],
    count: (measured: Measured, object: KubeObject) => void,
  ) => {
    for (const object of objects) {
      const namespace =
        object.kind === 'Namespace'
          ? object.metadata.name
          : object.metadata.namespace ?? '';
      const tenant = tenants.tenantOf(namespace);
      const own = tenant && measured.get(tenant);
      if (own) {
        count(own, object);
      }
    }
  };
  each((await kube.list(kinds.NAMESPACE)).items, countOne('namespaces'));
  each((await kube.list(kinds.POD)).items, countPod);
  each(
    (await kube.list(kinds.PERSISTENT_VOLUME_CLAIM)).items,
    countVolumeClaim,
  );
  each((await kube.list(kinds.SERVICE)).items, countService);
  each(await kube.listIfServed(kinds.APPLICATION), countOne('applications'));
  return measured;
}

function nothing(): Measured {
  const zero = new Decimal(0);
  return {
    cpu_request: zero,
    memory_request: zero,
    pvc_capacity: zero,
    load_balancers: zero,
    namespaces: zero,
    pods: zero,
    applications: zero,
  };
}

function countOne(meter: Meter) {
  return (measured: Measured) => add(measured, meter, 1);
}

function countPod(measured: Measured, pod: KubeObject): void {
  if (!holdsResources(pod)) {
    return;
  }
  const spec = (pod.spec ?? {}) as PodSpec;
  add(measured, 'pods', 1);
  add(measured, 'cpu_request', podRequest(spec, 'cpu'));
  add(measured, 'memory_request', podRequest(spec, 'memory'));
}

/** A claim without a volume has a wish, not a capacity. */
function countVolumeClaim(measured: Measured, claim: KubeObject): void {
  const status = claim.status as
    | { capacity?: { storage?: string } }
    | undefined;
  add(
    measured,
    'pvc_capacity',
    parseQuantity(status?.capacity?.storage ?? '0'),
  );
}

function countService(measured: Measured, service: KubeObject): void {
  if (
    (service.spec as { type?: string } | undefined)?.type === 'LoadBalancer'
  ) {
    add(measured, 'load_balancers', 1);
  }
}

function add(measured: Measured, meter: Meter, amount: Decimal | number): void {
  measured[meter] = measured[meter].plus(amount);
}
