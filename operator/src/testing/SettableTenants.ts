import type { TenantStates } from '../tenants/index.ts';

/** Says what a test wants said about tenants: all of them have the namespaces `<tenant>-apps`. */
export class SettableTenants implements TenantStates {
  readonly #waiting = new Map<string, string | undefined>();
  readonly #listeners = new Set<(tenant: string) => void>();

  synced(): boolean {
    return true;
  }

  names(): string[] {
    return [...this.#waiting.keys()];
  }

  waitingFor(tenant: string): string | undefined {
    return this.#waiting.has(tenant)
      ? this.#waiting.get(tenant)
      : `waiting for the tenant "${tenant}" in this cluster`;
  }

  tenantOf(namespace: string): string | undefined {
    return this.names().find(tenant => namespace === `${tenant}-apps`);
  }

  onChange(listener: (tenant: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From now on the tenant is there, and waits for something, or, without a message, for nothing. */
  set(tenant: string, message?: string): void {
    this.#waiting.set(tenant, message);
    this.#listeners.forEach(listener => listener(tenant));
  }
}
