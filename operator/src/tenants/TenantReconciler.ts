/**
 * One tenant in this cluster, reconciled as a whole: object → wait for the components → names → children → prune → status → events.
 *
 * 1. Only a tombstone takes a tenant away (D6). A NovaTenant that is deleted by hand is let go and made again; its children stay.
 * 2. A failed generation prunes nothing (D7).
 * 3. A tenant of ours that bore the name before is taken away first, with all that was made out of it: nobody inherits it (D3).
 * 4. What must wait says what it waits for; that is no failure and has no backoff (D5).
 */
import { parse } from 'yaml';
import { isFormer, KubeApiError, kinds, messageOf } from '../kube/index.ts';
import type {
  ApplyResults,
  KubeClient,
  Reconciled,
  Reports,
} from '../kube/index.ts';
import type { Components } from '../clusters/index.ts';
import type { Clock } from '../link/clock.ts';
import type { DesiredState, DesiredStates } from '../link/types.ts';
import { childOf, prune, unionOf } from './ChildList.ts';
import {
  applyTenant,
  ensureFinalizer,
  getTenant,
  removeFinalizer,
} from './finalizer.ts';
import { namesPhase } from './phases/names.ts';
import { provision, wantedChildren } from './phases/provision.ts';
import { teardown } from './phases/teardown.ts';
import { phaseOf, toLinkStatus, writeChildren, writeStatus } from './status.ts';
import type { TenantRegistry } from './TenantRegistry.ts';
import type { NovaTenant, PhaseOutcome } from './types.ts';

export function tenantKey(name: string): string {
  return `tenants/${name}`;
}

export type TenantReconcilerOptions = {
  kube: KubeClient;
  desired: DesiredStates;
  components: Components;
  registry: TenantRegistry;
  results: ApplyResults;
  reports: Reports;
  clock: Clock;
};

export class TenantReconciler {
  readonly #options: TenantReconcilerOptions;

  constructor(options: TenantReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(name: string): Promise<Reconciled> {
    const wanted = this.#options.desired.get(tenantKey(name));
    const tenant = await getTenant(this.#options.kube, name);
    if (wanted && wanted.yaml === undefined) {
      return this.#remove(wanted, tenant);
    }
    if (wanted && tenant && isFormer(tenant, tenant.spec.uid, wanted)) {
      return this.#removeFormer(wanted, tenant);
    }
    if (tenant?.metadata.deletionTimestamp) {
      return this.#hold(wanted, tenant);
    }
    if (wanted) {
      return this.#provision(wanted, await this.#apply(wanted));
    }
    if (tenant) {
      const held = await ensureFinalizer(this.#options.kube, tenant);
      return this.#provision(undefined, held);
    }
    return { result: 'done' };
  }

  async #apply(wanted: DesiredState): Promise<NovaTenant> {
    try {
      return await applyTenant(
        this.#options.kube,
        parse(wanted.yaml ?? '') as NovaTenant,
        wanted.generation,
      );
    } catch (error) {
      if (KubeApiError.is(error)) {
        this.#options.results.tell(wanted, 'Failed', messageOf(error));
      }
      throw error;
    }
  }

  /** Deleted by hand, while nobody who may has asked for the tenant's end. */
  async #hold(
    wanted: DesiredState | undefined,
    tenant: NovaTenant,
  ): Promise<Reconciled> {
    if (wanted) {
      await removeFinalizer(this.#options.kube, tenant);
      return { result: 'again', afterMs: 0 };
    }
    return { result: 'waiting' };
  }

  async #provision(
    wanted: DesiredState | undefined,
    tenant: NovaTenant,
  ): Promise<Reconciled> {
    const { kube, components } = this.#options;
    const message = components.waitingFor('capsule');
    if (message) {
      return this.#conclude(wanted, tenant, { phase: 'waiting', message });
    }
    const names = await namesPhase(kube, tenant);
    if (names.phase !== 'done') {
      return this.#conclude(wanted, tenant, names);
    }
    const old = tenant.status?.children ?? [];
    const union = unionOf(old, wantedChildren(tenant).map(childOf));
    const listed = await writeChildren(kube, tenant, union);
    try {
      const { outcome, applied } = await provision(kube, listed);
      const children = applied.map(childOf);
      await prune(kube, old, children);
      return await this.#conclude(
        wanted,
        { ...listed, status: { ...listed.status, children } },
        outcome,
      );
    } catch (error) {
      await this.#conclude(wanted, listed, {
        phase: 'failed',
        message: messageOf(error),
      });
      throw error;
    }
  }

  async #conclude(
    wanted: DesiredState | undefined,
    tenant: NovaTenant,
    outcome: PhaseOutcome,
  ): Promise<Reconciled> {
    const message = 'message' in outcome ? outcome.message : '';
    await this.#writeStatus(tenant, phaseOf(outcome), message);
    if (wanted) {
      this.#tellOutcome(wanted, outcome);
    }
    switch (outcome.phase) {
      case 'again':
        return { result: 'again', afterMs: outcome.afterMs };
      case 'failed':
        return { result: 'retry' };
      default:
        return { result: outcome.phase };
    }
  }

  #tellOutcome(wanted: DesiredState, outcome: PhaseOutcome): void {
    const { results } = this.#options;
    switch (outcome.phase) {
      case 'done':
        results.tell(wanted, 'Applied');
        break;
      case 'failed':
        results.tell(wanted, 'Failed', outcome.message);
        break;
      default:
        results.tell(wanted, 'Waiting', outcome.message);
    }
  }

  /**
   * A tombstone is confirmed when the object and its children are gone (D6). The children are looked for even where the object is not there any more:
   * somebody may have taken its finalizer away.
   */
  async #remove(
    wanted: DesiredState,
    found: NovaTenant | undefined,
  ): Promise<Reconciled> {
    const own = found?.spec.uid === wanted.uid ? found : undefined;
    const outcome = await this.#takeAway(own, formerTenant(wanted));
    if (outcome.phase === 'done') {
      return this.#confirmRemoved(wanted);
    }
    const message = 'message' in outcome ? outcome.message : '';
    this.#options.results.tell(wanted, 'Deleting', message);
    return pauseAfter(outcome);
  }

  async #removeFormer(
    wanted: DesiredState,
    former: NovaTenant,
  ): Promise<Reconciled> {
    const outcome = await this.#takeAway(former, former);
    if (outcome.phase === 'done') {
      return { result: 'again', afterMs: 0 };
    }
    const message = 'message' in outcome ? outcome.message : '';
    this.#options.results.tell(
      wanted,
      'Waiting',
      `waiting for the former tenant of this name to be gone: ${message}`,
    );
    return pauseAfter(outcome);
  }

  /** One step of taking a tenant away; without the object, of what is left of one. */
  async #takeAway(
    own: NovaTenant | undefined,
    left: NovaTenant,
  ): Promise<PhaseOutcome> {
    const { kube } = this.#options;
    const tenant = own ? await ensureFinalizer(kube, own) : left;
    if (own?.metadata.uid && !own.metadata.deletionTimestamp) {
      const { uid } = own.metadata;
      await kube.delete(kinds.NOVA_TENANT, own.metadata, { uid });
    }
    const outcome = await teardown(kube, tenant);
    if (outcome.phase === 'done') {
      await this.#letGo(own);
    } else if (own) {
      const message = 'message' in outcome ? outcome.message : '';
      await this.#writeStatus(tenant, 'Deleting', message);
    }
    return outcome;
  }

  async #letGo(own: NovaTenant | undefined): Promise<void> {
    const { kube } = this.#options;
    const latest = own && (await getTenant(kube, own.metadata.name));
    if (latest?.metadata.uid === own?.metadata.uid && latest) {
      await removeFinalizer(kube, latest);
    }
  }

  #confirmRemoved(wanted: DesiredState): Reconciled {
    const { desired, results, reports, registry } = this.#options;
    const name = nameOf(wanted);
    registry.forget(name);
    reports.forget(`status/tenants/${name}`);
    results.tell(wanted, 'Deleted');
    desired.confirmDeleted(wanted.key, wanted.generation);
    return { result: 'done' };
  }

  async #writeStatus(
    tenant: NovaTenant,
    phase: ReturnType<typeof phaseOf>,
    message: string,
  ): Promise<void> {
    const { kube, registry, reports, clock } = this.#options;
    const { name } = tenant.metadata;
    const written = await writeStatus({
      kube,
      tenant,
      phase,
      message,
      namespaces: registry.namespacesOf(name),
      children: tenant.status?.children ?? [],
      now: clock.now(),
    });
    registry.setPhase(name, phase, message);
    reports.report(`status/tenants/${name}`, {
      case: 'tenantStatus',
      value: toLinkStatus(written),
    });
  }
}

function pauseAfter(outcome: PhaseOutcome): Reconciled {
  return 'afterMs' in outcome
    ? { result: 'again', afterMs: outcome.afterMs }
    : { result: 'retry' };
}

function nameOf(wanted: DesiredState): string {
  return wanted.key.slice(tenantKey('').length);
}

/** As much of a NovaTenant that is gone as its children are recognised by. */
function formerTenant(wanted: DesiredState): NovaTenant {
  return {
    apiVersion: kinds.NOVA_TENANT.apiVersion,
    kind: kinds.NOVA_TENANT.kind,
    metadata: { name: nameOf(wanted) },
    spec: { uid: wanted.uid },
  };
}
