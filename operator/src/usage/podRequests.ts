import { Decimal } from 'decimal.js';
import { parseQuantity } from '../kube/index.ts';
import type { KubeObject } from '../kube/index.ts';

export type ResourceName = 'cpu' | 'memory';

type Requests = Partial<Record<string, string>>;

type Container = {
  resources?: { requests?: Requests };
  /** "Always" makes an init container a sidecar: it runs on beside the others. */
  restartPolicy?: string;
};

export type PodSpec = {
  containers?: Container[];
  initContainers?: Container[];
  overhead?: Requests;
  /** Of the pod as a whole; they stand above the containers'. */
  resources?: { requests?: Requests };
};

/** Whether a pod still holds what it requests. */
export function holdsResources(pod: KubeObject): boolean {
  const phase = (pod.status as { phase?: string } | undefined)?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/**
 * What a pod requests, as the scheduler counts it: the containers together with the sidecars, or the hungriest moment of the start (an init container
 * beside the sidecars that started before it), whichever is more; or what is said for the pod as a whole; and the overhead.
 */
export function podRequest(spec: PodSpec, resource: ResourceName): Decimal {
  const overhead = quantity(spec.overhead, resource);
  const ofPod = spec.resources?.requests?.[resource];
  return (ofPod ? parseQuantity(ofPod) : ofContainers(spec, resource)).plus(
    overhead,
  );
}

function ofContainers(spec: PodSpec, resource: ResourceName): Decimal {
  let sidecars = new Decimal(0);
  let hungriest = new Decimal(0);
  for (const container of spec.initContainers ?? []) {
    const own = quantity(container.resources?.requests, resource);
    const moment = sidecars.plus(own);
    if (container.restartPolicy === 'Always') {
      sidecars = moment;
    }
    hungriest = Decimal.max(hungriest, moment);
  }
  const running = (spec.containers ?? []).reduce(
    (sum, container) =>
      sum.plus(quantity(container.resources?.requests, resource)),
    sidecars,
  );
  return Decimal.max(running, hungriest);
}

function quantity(
  requests: Requests | undefined,
  resource: ResourceName,
): Decimal {
  return parseQuantity(requests?.[resource] ?? '0');
}
