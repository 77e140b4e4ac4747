import type { V1Service } from '@kubernetes/client-node';

/** Addresses that Services may get: `<prefix>.<first>` to `<prefix>.<last>`. */
export type Pool = { prefix: string; first: number; last: number };

/** An address for a Service, by `<namespace>/<name>`. */
export type Assignment = Map<string, string>;

export function keyOf(service: V1Service): string {
  return `${service.metadata?.namespace}/${service.metadata?.name}`;
}

/** Whether a Service wants an address of ours. */
export function wantsAddress(service: V1Service): boolean {
  return (
    service.spec?.type === 'LoadBalancer' &&
    !service.spec.loadBalancerClass &&
    !service.metadata?.deletionTimestamp
  );
}

/** The address that a Service's status shows. */
export function shownAddress(service: V1Service): string | undefined {
  return service.status?.loadBalancer?.ingress?.[0]?.ip;
}

function byAge(a: V1Service, b: V1Service): number {
  const age = (service: V1Service) =>
    service.metadata?.creationTimestamp?.getTime() ?? 0;
  return age(a) - age(b) || keyOf(a).localeCompare(keyOf(b));
}

/**
 * Which Service has which address. A Service keeps the one it shows while that is in the pool and no older Service has it;
 * all others get the lowest free one, the oldest first. When the pool is exhausted, the youngest go without.
 */
export function assignAddresses(services: V1Service[], pool: Pool): Assignment {
  const addresses = Array.from(
    { length: pool.last - pool.first + 1 },
    (_, offset) => `${pool.prefix}.${pool.first + offset}`,
  );
  const free = new Set(addresses);
  const assignment: Assignment = new Map();
  const waiting: V1Service[] = [];
  for (const service of services.filter(wantsAddress).sort(byAge)) {
    const shown = shownAddress(service);
    if (shown && free.delete(shown)) assignment.set(keyOf(service), shown);
    else waiting.push(service);
  }
  const remaining = free.values();
  for (const service of waiting) {
    const { value } = remaining.next();
    if (value) assignment.set(keyOf(service), value);
  }
  return assignment;
}
