import type { KubeObject, ObjectCondition } from '../kube/index.ts';

/** One thing that was made out of a NovaTenant (D7). */
export type Child = {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
};

export type TenantPhase =
  | 'Pending'
  | 'Provisioning'
  | 'Ready'
  | 'Error'
  | 'Deleting';

export type NovaTenant = KubeObject & {
  spec: { uid: string; displayName?: string };
  status?: {
    observedGeneration?: number;
    phase?: TenantPhase;
    namespaces?: string[];
    children?: Child[];
    conditions?: ObjectCondition[];
  };
};

/**
 * What a phase came to. `waiting` sleeps until something it depends on changes; `again` has nothing that would call, and is looked at once
 * more after a time.
 */
export type PhaseOutcome =
  | { phase: 'done' }
  | { phase: 'waiting'; message: string }
  | { phase: 'again'; message: string; afterMs: number }
  | { phase: 'failed'; message: string };

/** What other rooms ask about tenants. */
export interface TenantStates {
  /** Whether what follows is known yet. */
  synced(): boolean;
  /** The names of the tenants that have a NovaTenant here. */
  names(): string[];
  /** A sentence that says what has to come first; `undefined` where applications can be applied. */
  waitingFor(tenant: string): string | undefined;
  /** The tenant that a namespace belongs to. */
  tenantOf(namespace: string): string | undefined;
  /** Calls the listener with each tenant whose state may have changed. Returns what ends that. */
  onChange(listener: (tenant: string) => void): () => void;
}
