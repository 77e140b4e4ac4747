import { kinds } from '../kube/index.ts';
import type { KubeClient, KubeObject } from '../kube/index.ts';

/**
 * What KubeVela still keeps of Applications: an Application may be gone while its ResourceTrackers, and with them its workloads, are not.
 */
export function trackersOf(
  kube: KubeClient,
  of: { namespace: string; application?: string },
): Promise<KubeObject[]> {
  const labels = [`app.oam.dev/namespace=${of.namespace}`];
  if (of.application) {
    labels.push(`app.oam.dev/name=${of.application}`);
  }
  return kube.listIfServed(kinds.RESOURCE_TRACKER, {
    labelSelector: labels.join(','),
  });
}
