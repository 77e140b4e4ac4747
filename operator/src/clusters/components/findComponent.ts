import { DateTime } from 'luxon';
import { kinds } from '../../kube/index.ts';
import type { Informer, KubeClient, KubeObject } from '../../kube/index.ts';
import type { ComponentDefinition } from './definitions.ts';

/** A component as it is in the cluster, whoever installed it. */
export type FoundComponent = {
  version: string;
  /** At least one of its pods is available. */
  available: boolean;
  /** Since when that is so, or not so; absent where the cluster has not said yet. */
  since?: DateTime;
};

type DeploymentStatus = {
  availableReplicas?: number;
  conditions?: Array<{ type: string; lastTransitionTime?: string }>;
};

const NAME_LABEL = 'app.kubernetes.io/name';
const VERSION_LABEL = 'app.kubernetes.io/version';

/** Selects the Deployments of all components. */
export function deploymentSelector(
  components: readonly ComponentDefinition[],
): string {
  const names = components.map(({ deploymentName }) => deploymentName);
  return `${NAME_LABEL} in (${names.join(',')})`;
}

/** Looks for a component's Deployment and CRD; `undefined` unless both are there. */
export async function findComponent(options: {
  kube: KubeClient;
  deployments: Informer;
  component: ComponentDefinition;
}): Promise<FoundComponent | undefined> {
  const { component } = options;
  const deployment = options.deployments
    .all()
    .find(
      ({ metadata }) =>
        metadata.labels?.[NAME_LABEL] === component.deploymentName,
    );
  if (!deployment) {
    return undefined;
  }
  if (component.crd) {
    const crd = await options.kube.get(kinds.CUSTOM_RESOURCE_DEFINITION, {
      name: component.crd,
    });
    if (!crd) {
      return undefined;
    }
  }
  const { availableReplicas = 0, conditions = [] } = (deployment.status ??
    {}) as DeploymentStatus;
  const changed = conditions.find(({ type }) => type === 'Available');
  return {
    version: versionOf(deployment),
    available: availableReplicas > 0,
    ...(changed?.lastTransitionTime && {
      since: DateTime.fromISO(changed.lastTransitionTime, { zone: 'utc' }),
    }),
  };
}

function versionOf(deployment: KubeObject): string {
  const labelled = deployment.metadata.labels?.[VERSION_LABEL];
  if (labelled) {
    return labelled.replace(/^v/, '');
  }
  const spec = deployment.spec as
    | { template: { spec: { containers: Array<{ image: string }> } } }
    | undefined;
  const image = spec?.template.spec.containers[0]?.image ?? '';
  return /:v?([^:@/]+)$/.exec(image)?.[1] ?? '';
}
