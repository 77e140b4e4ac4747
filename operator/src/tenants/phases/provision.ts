/** Makes a tenant's children, in the order in which they need each other. */
import {
  appsNamespace,
  kinds,
  ownerAccount,
  ownerNamespace,
} from '../../kube/index.ts';
import type { KubeClient, KubeObject } from '../../kube/index.ts';
import {
  appsChild,
  capsuleChildren,
  OWNER_ROLE,
  ownerChildren,
  projectChild,
} from '../children.ts';
import type { NovaTenant, PhaseOutcome } from '../types.ts';

export type Provisioned = { outcome: PhaseOutcome; applied: KubeObject[] };

/** Everything that the present NovaTenant wants, with no uid yet. */
export function wantedChildren(tenant: NovaTenant): KubeObject[] {
  const noUid: KubeObject = {
    apiVersion: '',
    kind: '',
    metadata: { name: '' },
  };
  return [
    ...ownerChildren(tenant),
    ...capsuleChildren(tenant),
    appsChild(tenant, noUid),
    projectChild(tenant),
  ];
}

export async function provision(
  kube: KubeClient,
  tenant: NovaTenant,
): Promise<Provisioned> {
  const applied: KubeObject[] = [];
  const apply = async (object: KubeObject) => {
    const result = await kube.apply(object, { force: true });
    applied.push(result);
    return result;
  };
  for (const child of ownerChildren(tenant)) {
    await apply(child);
  }
  let capsuleTenant: KubeObject | undefined;
  for (const child of capsuleChildren(tenant)) {
    capsuleTenant = await apply(child);
  }
  if (!capsuleTenant) {
    throw new Error('A tenant has a Capsule Tenant');
  }
  await apply(appsChild(tenant, capsuleTenant));
  await apply(projectChild(tenant));
  return { outcome: await ownersRights(kube, tenant), applied };
}

const RIGHTS_POLL_MS = 500;

type RoleBinding = KubeObject & {
  roleRef: { name: string };
  subjects?: Array<{ kind: string; name: string; namespace?: string }>;
};

/** Capsule binds the owner in the tenant's namespace a moment after the namespace was made; before that nothing can be applied there. */
async function ownersRights(
  kube: KubeClient,
  tenant: NovaTenant,
): Promise<PhaseOutcome> {
  const { name } = tenant.metadata;
  const { items } = await kube.list<RoleBinding>(kinds.ROLE_BINDING, {
    namespace: appsNamespace(name),
  });
  const bound = items.some(
    ({ roleRef, subjects = [] }) =>
      roleRef.name === OWNER_ROLE &&
      subjects.some(
        subject =>
          subject.name === ownerAccount(name) &&
          subject.namespace === ownerNamespace(name),
      ),
  );
  return bound
    ? { phase: 'done' }
    : {
        phase: 'again',
        message: `waiting for Capsule to bind the owner in ${appsNamespace(
          name,
        )}`,
        afterMs: RIGHTS_POLL_MS,
      };
}
