import {
  kinds,
  OPERATOR_ACCOUNT,
  OPERATOR_NAMESPACE,
  serviceAccountUser,
} from '../../kube/index.ts';
import type { KubeClient, KubeObject } from '../../kube/index.ts';

type CapsuleConfiguration = KubeObject & {
  spec: { administrators?: Array<{ kind: string; name: string }> };
};

/**
 * Makes the operator one of the administrators of a Capsule that somebody else installed, so that it may make namespaces in tenants. The list
 * is atomic: it is read, appended to and written back with the resourceVersion that was read (M5).
 */
export async function ensureAdministrator(kube: KubeClient): Promise<void> {
  const configuration = await kube.get<CapsuleConfiguration>(
    kinds.CAPSULE_CONFIGURATION,
    { name: 'default' },
  );
  if (!configuration) {
    return;
  }
  const administrators = configuration.spec.administrators ?? [];
  const name = serviceAccountUser(OPERATOR_NAMESPACE, OPERATOR_ACCOUNT);
  if (administrators.some(administrator => administrator.name === name)) {
    return;
  }
  await kube.replace({
    ...configuration,
    spec: {
      ...configuration.spec,
      administrators: [...administrators, { kind: 'ServiceAccount', name }],
    },
  });
}
