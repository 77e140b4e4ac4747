import type { ApplicationPod } from './types.ts';

/** Keeps of a pod what its application's health is read from: a cluster may have thousands. */
export function trimPod(pod: ApplicationPod): ApplicationPod {
  const { name, namespace, uid, resourceVersion, labels, deletionTimestamp } =
    pod.metadata;
  const { phase, conditions, initContainerStatuses, containerStatuses } =
    pod.status ?? {};
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion,
      labels,
      deletionTimestamp,
    },
    status: { phase, conditions, initContainerStatuses, containerStatuses },
  };
}
