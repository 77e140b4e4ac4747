import { kinds, ownerUser } from '../../kube/index.ts';
import type { KubeClient, KubeObject } from '../../kube/index.ts';
import { trackersOf } from '../../applications/trackers.ts';

/** Deletes a tenant's Applications, as its owner, and says what remains of them. */
export async function deleteApplications(
  kube: KubeClient,
  tenant: string,
  namespaces: readonly KubeObject[],
): Promise<string | undefined> {
  const asOwner = kube.asUser(ownerUser(tenant));
  const remaining: string[] = [];
  for (const { metadata } of namespaces) {
    const applications = await kube.listIfServed(kinds.APPLICATION, {
      namespace: metadata.name,
    });
    for (const application of applications) {
      const { uid, deletionTimestamp, name } = application.metadata;
      if (uid && !deletionTimestamp) {
        await asOwner.delete(kinds.APPLICATION, application.metadata, { uid });
      }
      remaining.push(name);
    }
    const trackers = await trackersOf(kube, { namespace: metadata.name });
    remaining.push(...trackers.map(tracker => tracker.metadata.name));
  }
  return remaining.length > 0
    ? `waiting for the applications to be gone: ${remaining.join(', ')}`
    : undefined;
}
