import {
  APPLICATION_UID_LABEL,
  GENERATION_ANNOTATION,
  toLinkConditions,
} from '../kube/index.ts';
import type { ApplicationStatus } from '../link/types.ts';
import { editedInCluster } from './editedInCluster.ts';
import { stepsOf } from './health/assessHealth.ts';
import type { Health } from './health/assessHealth.ts';
import type { Application } from './types.ts';

/** An Application's state in the link's words. */
export function toApplicationStatus(
  tenant: string,
  application: Application,
  health: Health,
): ApplicationStatus {
  const { metadata, status = {} } = application;
  const edited = editedInCluster(application);
  return {
    tenant,
    application: metadata.name,
    uid: metadata.labels?.[APPLICATION_UID_LABEL] ?? '',
    generation: Number(metadata.annotations?.[GENERATION_ANNOTATION] ?? 0),
    health: health.health,
    phase: status.status ?? '',
    message: health.message,
    components: (status.services ?? []).map(service => ({
      name: service.name,
      ...(service.workloadDefinition?.kind && {
        type: service.workloadDefinition.kind,
      }),
      healthy: service.healthy ?? false,
      ...(service.message && { message: service.message }),
    })),
    steps: stepsOf(application).map(step => ({
      name: step.name ?? '',
      phase: step.phase ?? '',
      ...(step.message && { message: step.message }),
    })),
    conditions: toLinkConditions([
      ...(status.conditions ?? []),
      ...(edited ? [edited] : []),
    ]),
    gone: false,
  };
}

/** The last word on an Application that no longer exists. */
export function goneStatus(
  tenant: string,
  application: Application,
): ApplicationStatus {
  return {
    ...toApplicationStatus(tenant, application, {
      health: 'Unknown',
      message: '',
    }),
    phase: '',
    components: [],
    steps: [],
    conditions: [],
    gone: true,
  };
}
