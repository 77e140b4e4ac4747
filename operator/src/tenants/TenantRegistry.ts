import { CAPSULE_TENANT_LABEL, TENANT_LABEL } from '../kube/index.ts';
import type { Informer } from '../kube/index.ts';
import type { NovaTenant, TenantPhase, TenantStates } from './types.ts';

/** What is known of the tenants now: read by the rooms that build on them. */
export class TenantRegistry implements TenantStates {
  readonly #tenants: Informer<NovaTenant>;
  readonly #namespaces: Informer;
  readonly #phases = new Map<string, { phase: TenantPhase; message: string }>();
  readonly #listeners = new Set<(tenant: string) => void>();

  /** The copies may be filled later; both select by what this registry reads. */
  constructor(options: {
    tenants: Informer<NovaTenant>;
    namespaces: Informer;
  }) {
    this.#tenants = options.tenants;
    this.#namespaces = options.namespaces;
  }

  synced(): boolean {
    return this.#tenants.synced && this.#namespaces.synced;
  }

  names(): string[] {
    return this.#tenants.all().map(({ metadata }) => metadata.name);
  }

  waitingFor(tenant: string): string | undefined {
    const known = this.#phases.get(tenant);
    if (known?.phase === 'Ready') {
      return undefined;
    }
    const why = known?.message ? ` (${known.message})` : '';
    return `waiting for the tenant "${tenant}" in this cluster${why}`;
  }

  tenantOf(namespace: string): string | undefined {
    const labels = this.#namespaces.get(namespace)?.metadata.labels;
    const tenant = labels?.[CAPSULE_TENANT_LABEL];
    return tenant && this.#tenants.get(tenant) ? tenant : undefined;
  }

  onChange(listener: (tenant: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All namespaces of a tenant, the operator's own among them. */
  namespacesOf(tenant: string): string[] {
    return this.#namespaces
      .all()
      .filter(({ metadata }) => metadata.labels?.[TENANT_LABEL] === tenant)
      .map(({ metadata }) => metadata.name)
      .sort();
  }

  setPhase(tenant: string, phase: TenantPhase, message: string): void {
    const known = this.#phases.get(tenant);
    if (known?.phase !== phase || known.message !== message) {
      this.#phases.set(tenant, { phase, message });
      this.tell(tenant);
    }
  }

  forget(tenant: string): void {
    this.#phases.delete(tenant);
    this.tell(tenant);
  }

  /** Something about a tenant changed that others may depend on. */
  tell(tenant: string): void {
    this.#listeners.forEach(listener => listener(tenant));
  }
}
