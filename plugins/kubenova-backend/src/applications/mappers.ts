import type { DesiredState, LinkStates } from '../link/types';
import { etagOf } from '../router';
import type * as models from '../schema/openapi/generated/models';
import {
  syncStatus,
  toConditionModels,
  withObserved,
  worstSync,
} from '../sync';
import { shownHealth, worstHealth } from './health';
import type { Application, ApplicationRevision, Deployment } from './types';

type LinkState = Awaited<ReturnType<LinkStates['find']>>[number];

/** A deployment in the API's words, with what the link knows of it. */
export function toDeploymentModel(
  deployment: Deployment,
  desired: DesiredState | undefined,
  link: LinkState | undefined,
): models.Deployment {
  // A state of another uid belongs to an earlier deployment of the same name.
  const own = desired?.uid === deployment.id ? desired : undefined;
  const sync = syncStatus(own, deployment.apply, deployment.notObservedAt);
  const { health, message } = shownHealth(deployment, sync.desiredGeneration);
  return {
    id: deployment.id,
    cluster: deployment.cluster.name,
    revision: deployment.revision,
    sync,
    health,
    ...(message && { healthMessage: message }),
    ...(deployment.phase && { phase: deployment.phase }),
    components: deployment.components,
    steps: deployment.steps,
    conditions: toConditionModels(
      withObserved(deployment.conditions, deployment.notObservedAt),
    ),
    stale: link?.stale ?? false,
    ...(sync.lastSyncedAt && { lastSyncedAt: sync.lastSyncedAt }),
  };
}

/** An application in the API's words; its own sync and health are the worst of its deployments'. */
export function toApplicationModel(
  application: Application,
  deployments: models.Deployment[],
): models.Application {
  return {
    id: application.id,
    tenant: application.tenant.name,
    name: application.name,
    revision: application.revision,
    yaml: application.yaml,
    sync: worstSync(deployments.map(({ sync }) => sync.state)),
    health: worstHealth(deployments.map(({ health }) => health)),
    deployments,
    deleting: application.deletingAt !== undefined,
    createdBy: application.createdBy,
    createdAt: application.createdAt.toJSDate(),
    updatedAt: application.updatedAt.toJSDate(),
    etag: etagOf(application),
  };
}

export function toStatusModel(
  application: models.Application,
): models.ApplicationStatus {
  const { id, tenant, name, revision, sync, health, deployments } = application;
  const lastSyncedAt = oldest(deployments);
  return {
    applicationId: id,
    tenant,
    name,
    revision,
    sync,
    health,
    ...(lastSyncedAt && { lastSyncedAt }),
    deployments,
  };
}

export function toRevisionModel(
  revision: ApplicationRevision,
): models.ApplicationRevision {
  return { ...revision, createdAt: revision.createdAt.toJSDate() };
}

/** When every deployment was last heard of; unknown while one never was. */
function oldest(deployments: readonly models.Deployment[]): Date | undefined {
  const times = deployments.map(({ lastSyncedAt }) => lastSyncedAt);
  if (times.length === 0 || times.includes(undefined)) {
    return undefined;
  }
  return new Date(Math.min(...times.map(time => Number(time))));
}
