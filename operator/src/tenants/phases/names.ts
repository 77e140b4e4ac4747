import { appsNamespace, kinds, ownerNamespace } from '../../kube/index.ts';
import type { KubeClient, Kind } from '../../kube/index.ts';
import { isOurs, projectName } from '../children.ts';
import type { NovaTenant, PhaseOutcome } from '../types.ts';

/** What exists under the names that a tenant needs is never adopted (T5): it may be somebody's, with somebody's data in it. */
export async function namesPhase(
  kube: KubeClient,
  tenant: NovaTenant,
): Promise<PhaseOutcome> {
  const { name } = tenant.metadata;
  const needed: Array<[Kind, string]> = [
    [kinds.NAMESPACE, ownerNamespace(name)],
    [kinds.NAMESPACE, appsNamespace(name)],
    [kinds.CAPSULE_TENANT, name],
    [kinds.PROJECT, projectName(name)],
  ];
  for (const [kind, wanted] of needed) {
    const found = await kube.get(kind, { name: wanted });
    if (found && !isOurs(found, tenant)) {
      return {
        phase: 'failed',
        message: `The ${kind.kind} "${wanted}" exists already and is not this tenant's; remove it or choose another name for the tenant`,
      };
    }
  }
  return { phase: 'done' };
}
