import { isDeepStrictEqual } from 'node:util';
import type { DateTime } from 'luxon';
import {
  conditionsAfter,
  GENERATION_ANNOTATION,
  toLinkConditions,
} from '../kube/index.ts';
import type { KubeClient } from '../kube/index.ts';
import type { TenantStatus } from '../link/types.ts';
import type { Child, NovaTenant, PhaseOutcome, TenantPhase } from './types.ts';

type Status = NonNullable<NovaTenant['status']>;

/** The phase that an outcome of provisioning means. */
export function phaseOf(outcome: PhaseOutcome): TenantPhase {
  switch (outcome.phase) {
    case 'done':
      return 'Ready';
    case 'waiting':
      return 'Pending';
    case 'again':
      return 'Provisioning';
    case 'failed':
      return 'Error';
    default:
      throw new Error(`Unknown outcome ${JSON.stringify(outcome)}`);
  }
}

/** Writes phase, condition, namespaces and children, if any of them changed; returns the tenant as it is then. */
export async function writeStatus(options: {
  kube: KubeClient;
  tenant: NovaTenant;
  phase: TenantPhase;
  message: string;
  namespaces: string[];
  children: Child[];
  now: DateTime;
}): Promise<NovaTenant> {
  const { kube, tenant, phase, message } = options;
  const observedGeneration = tenant.metadata.generation ?? 0;
  const status: Status = {
    observedGeneration,
    phase,
    namespaces: options.namespaces,
    children: options.children,
    conditions: conditionsAfter({
      previous: tenant.status?.conditions ?? [],
      next: [
        {
          type: 'Ready',
          status: phase === 'Ready' ? 'True' : 'False',
          reason: phase,
          message,
        },
      ],
      observedGeneration,
      now: options.now,
    }),
  };
  if (isDeepStrictEqual(status, tenant.status)) {
    return tenant;
  }
  const { apiVersion, kind, metadata } = tenant;
  return kube.apply<NovaTenant>(
    { apiVersion, kind, metadata: { name: metadata.name }, status },
    { force: true, subresource: 'status' },
  );
}

/** Writes only the list of children: before they are made (D7). */
export async function writeChildren(
  kube: KubeClient,
  tenant: NovaTenant,
  children: Child[],
): Promise<NovaTenant> {
  if (isDeepStrictEqual(children, tenant.status?.children)) {
    return tenant;
  }
  const { apiVersion, kind, metadata, status } = tenant;
  return kube.apply<NovaTenant>(
    {
      apiVersion,
      kind,
      metadata: { name: metadata.name },
      status: { ...status, children },
    },
    { force: true, subresource: 'status' },
  );
}

/** For the way up. */
export function toLinkStatus(tenant: NovaTenant): TenantStatus {
  const { metadata, spec, status } = tenant;
  return {
    tenant: metadata.name,
    uid: spec.uid,
    generation: Number(metadata.annotations?.[GENERATION_ANNOTATION] ?? 0),
    phase: status?.phase ?? 'Pending',
    namespaces: status?.namespaces ?? [],
    conditions: toLinkConditions(status?.conditions ?? []),
  };
}
