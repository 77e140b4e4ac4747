import type { Condition, DesiredState, LinkStates } from '../link/types';
import { etagOf } from '../router';
import type * as models from '../schema/openapi/generated/models';
import { syncStatus, toConditionModels, withObserved } from '../sync';
import type { Cluster } from './types';

export type LinkState = Awaited<ReturnType<LinkStates['find']>>[number];

/** A cluster in the API's words, with what the link knows of it. */
export function toClusterModel(
  cluster: Cluster,
  desired: DesiredState | undefined,
  link: LinkState | undefined,
): models.Cluster {
  const { progress, reported } = cluster;
  return {
    id: cluster.id,
    novaClusterId: cluster.novaClusterId,
    name: cluster.name,
    datacenter: cluster.datacenter,
    ...statusOf(cluster, link),
    stale: link?.stale ?? false,
    lastSeenAt: link?.lastSeenAt?.toJSDate(),
    progress: progress && {
      ...progress,
      updatedAt: progress.updatedAt.toJSDate(),
    },
    config: cluster.config,
    // Not observed, it may be anything: nothing is shown as ready (E7).
    phase: reported.notObservedAt ? undefined : reported.phase,
    components: (reported.notObservedAt ? [] : reported.components).map(
      ({ changedAt, ...component }) => ({
        ...component,
        ...(changedAt && { changedAt: changedAt.toJSDate() }),
      }),
    ),
    conditions: toConditionModels([
      ...(link?.behind ? [managerBehind(link.behind)] : []),
      ...withObserved(reported.conditions, reported.notObservedAt),
    ]),
    capacity: reported.capacity,
    sync: syncStatus(desired, cluster.apply, reported.notObservedAt),
    operatorVersion: reported.operatorVersion,
    kubernetesVersion: reported.kubernetesVersion,
    createdAt: cluster.createdAt.toJSDate(),
    updatedAt: cluster.updatedAt.toJSDate(),
    etag: etagOf(cluster),
  };
}

/** Two operators that take one link from each other are an error, whatever they report (S1). */
function statusOf(
  cluster: Cluster,
  link: LinkState | undefined,
): Pick<models.Cluster, 'status' | 'statusReason'> {
  return link?.contested
    ? {
        status: 'error',
        statusReason:
          'Two operators claim this cluster: they take the link from each other. Find out where the second one runs, and remove it.',
      }
    : { status: cluster.status, statusReason: cluster.statusReason };
}

/** Shown among what the operator tells, though it is the Manager that finds it out (D9). */
function managerBehind(behind: NonNullable<LinkState['behind']>): Condition {
  return {
    type: 'ManagerBehind',
    status: 'True',
    reason: 'LostPast',
    message: `The datacenter has ${
      behind.keys === 1 ? 'an object' : `${behind.keys} objects`
    } that are not known here. Nothing is sent to it until somebody decides which side is right.`,
    lastTransitionAt: behind.since,
  };
}
