/**
 * Takes a tenant away, in the only order that does not hang (O1): Applications, with what KubeVela tracks of them → Project → additional namespaces →
 * Tenant, and with it the tenant's own namespace → what Capsule knew of its owner → the operator's namespace of the tenant. (The Tenant first would leave
 * KubeVela acting as an owner without rights.)
 *
 * Each call does the first step that is not done yet. Nothing is deleted that is not this placement's.
 */
import {
  appsNamespace,
  CAPSULE_TENANT_LABEL,
  kinds,
  ownerAccount,
  ownerNamespace,
} from '../../kube/index.ts';
import type { Kind, KubeClient, KubeObject } from '../../kube/index.ts';
import { isOurs, projectName } from '../children.ts';
import type { NovaTenant, PhaseOutcome } from '../types.ts';
import { deleteApplications } from './deleteApplications.ts';

const POLL_MS = 1_000;

export async function teardown(
  kube: KubeClient,
  tenant: NovaTenant,
): Promise<PhaseOutcome> {
  const { name } = tenant.metadata;
  const capsuleTenant = await kube.get(kinds.CAPSULE_TENANT, { name });
  const own =
    capsuleTenant && isOurs(capsuleTenant, tenant) ? capsuleTenant : undefined;
  const namespaces = own ? await namespacesOf(kube, own) : [];
  const additional = namespaces.filter(
    namespace => namespace.metadata.name !== appsNamespace(name),
  );
  const steps: Array<() => Promise<string | undefined>> = [
    () => deleteApplications(kube, name, namespaces),
    () => deleteOwn(kube, tenant, kinds.PROJECT, projectName(name)),
    () => deleteAll(kube, additional),
    () => deleteOwn(kube, tenant, kinds.CAPSULE_TENANT, name),
    () => deleteAll(kube, namespaces),
    () => deleteOwn(kube, tenant, kinds.NAMESPACE, appsNamespace(name)),
    () =>
      deleteOwn(kube, tenant, kinds.CAPSULE_TENANT_OWNER, ownerAccount(name)),
    () => deleteOwn(kube, tenant, kinds.NAMESPACE, ownerNamespace(name)),
  ];
  for (const step of steps) {
    const remaining = await step();
    if (remaining) {
      return { phase: 'again', message: remaining, afterMs: POLL_MS };
    }
  }
  return { phase: 'done' };
}

/** The namespaces of a tenant, by its uid: a label alone can be anybody's (T5). */
async function namespacesOf(
  kube: KubeClient,
  capsuleTenant: KubeObject,
): Promise<KubeObject[]> {
  const { name, uid } = capsuleTenant.metadata;
  const { items } = await kube.list(kinds.NAMESPACE, {
    labelSelector: `${CAPSULE_TENANT_LABEL}=${name}`,
  });
  return items.filter(({ metadata }) =>
    metadata.ownerReferences?.some(owner => owner.uid === uid),
  );
}

async function deleteAll(
  kube: KubeClient,
  namespaces: readonly KubeObject[],
): Promise<string | undefined> {
  const remaining: string[] = [];
  for (const { metadata } of namespaces) {
    const found = await kube.get(kinds.NAMESPACE, metadata);
    if (found && found.metadata.uid === metadata.uid) {
      await requestDeletion(kube, kinds.NAMESPACE, found);
      remaining.push(metadata.name);
    }
  }
  return remaining.length > 0
    ? `waiting for the namespaces ${remaining.join(', ')} to be gone`
    : undefined;
}

async function deleteOwn(
  kube: KubeClient,
  tenant: NovaTenant,
  kind: Kind,
  name: string,
): Promise<string | undefined> {
  const found = await kube.get(kind, { name });
  if (!found || !isOurs(found, tenant)) {
    return undefined;
  }
  await requestDeletion(kube, kind, found);
  // Most are gone at once; then the next step need not wait.
  return (await kube.get(kind, { name }))
    ? `waiting for the ${kind.kind} ${name} to be gone`
    : undefined;
}

async function requestDeletion(
  kube: KubeClient,
  kind: Kind,
  object: KubeObject,
): Promise<void> {
  const { uid, deletionTimestamp } = object.metadata;
  if (uid && !deletionTimestamp) {
    await kube.delete(kind, object.metadata, { uid });
  }
}
