import {
  CAPSULE_TENANT_LABEL,
  Informer,
  kinds,
  serviceAccountUser,
} from '../kube/index.ts';
import type { KubeClient, KubeObject } from '../kube/index.ts';
import { systemClock } from '../link/clock.ts';
import { silentLogger } from './silentLogger.ts';
import type { TestCluster } from './TestCluster.ts';

type Tenant = KubeObject & {
  spec: {
    additionalRoleBindings?: Array<{
      clusterRoleName: string;
      subjects: Array<{ kind: string; name: string; namespace?: string }>;
    }>;
  };
};

const CAPSULE = serviceAccountUser('capsule-system', 'capsule');

/**
 * Does the one thing of Capsule's controller that provisioning waits for: binds a tenant's owner and viewers in its namespaces. It checks nothing, counts
 * nothing and has no webhooks.
 */
export class CapsuleStandIn {
  readonly #kube: KubeClient;

  private constructor(kube: KubeClient) {
    this.#kube = kube;
  }

  static async start(
    cluster: TestCluster,
    signal: AbortSignal,
  ): Promise<CapsuleStandIn> {
    await cluster.kubectl([
      'create',
      'clusterrolebinding',
      'capsule',
      '--clusterrole=cluster-admin',
      '--serviceaccount=capsule-system:capsule',
    ]);
    const standIn = new CapsuleStandIn(cluster.admin.asUser(CAPSULE));
    const namespaces = new Informer({
      kube: cluster.admin,
      kind: kinds.NAMESPACE,
      selection: { labelSelector: CAPSULE_TENANT_LABEL },
      clock: systemClock,
      log: silentLogger,
    });
    namespaces.onChange(namespace => {
      // A namespace that is going refuses new objects: nothing to do about it.
      standIn.#bind(namespace).catch(() => {});
    });
    void namespaces.run(signal);
    return standIn;
  }

  async #bind(namespace: KubeObject): Promise<void> {
    const tenant = namespace.metadata.labels?.[CAPSULE_TENANT_LABEL] ?? '';
    const found = await this.#kube.get<Tenant>(kinds.CAPSULE_TENANT, {
      name: tenant,
    });
    const bindings = [
      ...(found?.spec.additionalRoleBindings ?? []),
      {
        clusterRoleName: 'kubenova-tenant-owner',
        subjects: [
          {
            kind: 'ServiceAccount',
            name: `${tenant}-owner`,
            namespace: `${tenant}-owner`,
          },
        ],
      },
    ];
    for (const { clusterRoleName, subjects } of bindings) {
      await this.#kube.apply(
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: {
            name: `capsule:${clusterRoleName}`,
            namespace: namespace.metadata.name,
          },
          roleRef: {
            apiGroup: 'rbac.authorization.k8s.io',
            kind: 'ClusterRole',
            name: clusterRoleName,
          },
          subjects,
        },
        { force: true },
      );
    }
  }
}
