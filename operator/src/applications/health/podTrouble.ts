import type { ApplicationPod } from '../types.ts';

/** What a container waits for that does not pass by waiting. */
const HOPELESS = [
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
];

/** What is wrong with a pod, in a sentence; `undefined` where nothing is that waiting would not mend. */
export function podTrouble(pod: ApplicationPod): string | undefined {
  const { metadata, status = {} } = pod;
  if (metadata.deletionTimestamp) {
    return undefined;
  }
  const containers = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ];
  for (const { name, state, restartCount = 0 } of containers) {
    const { reason = '', message } = state?.waiting ?? {};
    if (HOPELESS.includes(reason)) {
      const restarts =
        restartCount > 0 ? ` after ${restartCount} restarts` : '';
      return `Container ${name} of pod ${metadata.name}: ${reason}${restarts}${
        message ? `: ${message}` : ''
      }`;
    }
  }
  const unscheduled = status.conditions?.find(
    ({ type, status: holds, reason }) =>
      type === 'PodScheduled' &&
      holds === 'False' &&
      reason === 'Unschedulable',
  );
  return unscheduled
    ? `Pod ${metadata.name} finds no node: ${unscheduled.message ?? ''}`
    : undefined;
}
