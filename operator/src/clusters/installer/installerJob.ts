import {
  COMPONENT_LABEL,
  INSTALLER_ACCOUNT,
  INSTALLER_NAMESPACE,
} from '../../kube/index.ts';
import type { KubeObject } from '../../kube/index.ts';
import type { ReleaseAction, ReleasePlan } from './releasePlans.ts';

/** The plan that a Job carries out. */
export const HASH_ANNOTATION = 'kubenova.io/release-hash';

/** Longer than Helm's own timeout, so that Helm's last words are heard. */
const DEADLINE_SECONDS = 600;

export function installerJobName(
  component: string,
  action: ReleaseAction,
): string {
  return `${component}-${action}`;
}

/** A short Job that runs one Helm command with the operator's own image. */
export function installerJob(options: {
  plan: ReleasePlan;
  action: ReleaseAction;
  image: string;
}): KubeObject {
  const { plan, action } = options;
  const labels = { [COMPONENT_LABEL]: plan.component.name };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: installerJobName(plan.component.name, action),
      namespace: INSTALLER_NAMESPACE,
      labels,
      annotations: { [HASH_ANNOTATION]: plan.hash },
    },
    spec: {
      // The operator decides about another attempt, and says so.
      backoffLimit: 0,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: INSTALLER_ACCOUNT,
          restartPolicy: 'Never',
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [helmContainer(options.image, plan.args[action])],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        },
      },
    },
  };
}

function helmContainer(image: string, args: string[]) {
  return {
    name: 'helm',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['/usr/local/bin/helm'],
    args,
    env: [{ name: 'HOME', value: '/tmp' }],
    // Helm's last lines become the container's message: no right to read logs is needed.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    resources: {
      requests: { cpu: '50m', memory: '64Mi' },
      limits: { memory: '512Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}
