import { DateTime } from 'luxon';
import { kinds } from '../../kube/index.ts';
import type { KubeClient, KubeObject } from '../../kube/index.ts';

export type JobOutcome =
  | { state: 'running' }
  | { state: 'succeeded' }
  | { state: 'failed'; message: string; at: DateTime };

type JobCondition = {
  type: string;
  status: string;
  message?: string;
  lastTransitionTime?: string;
};

export function jobOutcome(job: KubeObject): JobOutcome {
  const conditions = (job.status?.conditions ?? []) as JobCondition[];
  const holds = (type: string) =>
    conditions.find(
      condition => condition.type === type && condition.status === 'True',
    );
  if (holds('Complete')) {
    return { state: 'succeeded' };
  }
  const failed = holds('Failed');
  if (!failed) {
    return { state: 'running' };
  }
  return {
    state: 'failed',
    message: failed.message ?? '',
    at: DateTime.fromISO(failed.lastTransitionTime ?? '', { zone: 'utc' }),
  };
}

type PodStatus = {
  containerStatuses?: Array<{
    state?: { terminated?: { message?: string } };
  }>;
};

const MAX_MESSAGE = 1_000;

/** Helm's last lines, from the Job's pod; the Job's own message where there is no pod left to ask. */
export async function lastLines(
  kube: KubeClient,
  job: KubeObject,
  otherwise: string,
): Promise<string> {
  const { items } = await kube.list(kinds.POD, {
    namespace: job.metadata.namespace,
    labelSelector: `batch.kubernetes.io/job-name=${job.metadata.name}`,
  });
  const said = items
    .flatMap(pod => (pod.status as PodStatus).containerStatuses ?? [])
    .map(({ state }) => state?.terminated?.message?.trim())
    .find(Boolean);
  return (said ?? otherwise).slice(-MAX_MESSAGE);
}
