import type { DesiredState, LinkStates } from '../link/types';
import { etagOf } from '../router';
import type * as models from '../schema/openapi/generated/models';
import { syncStatus, toConditionModels } from '../sync';
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
    phase: reported.phase,
    components: reported.components.map(({ changedAt, ...component }) => ({
      ...component,
      ...(changedAt && { changedAt: changedAt.toJSDate() }),
    })),
    conditions: toConditionModels(reported.conditions),
    capacity: reported.capacity,
    sync: syncStatus(desired, cluster.apply),
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
