/**
 * Everything that is made out of a NovaTenant, rendered from its typed fields alone (M1): no text of the Manager's gets into it.
 */
import {
  appsNamespace,
  CAPSULE_TENANT_LABEL,
  OPERATOR_ACCOUNT,
  OPERATOR_NAMESPACE,
  ownerAccount,
  ownerNamespace,
  ownerUser,
  PLACEMENT_UID_ANNOTATION,
  readonlyAccount,
  TENANT_LABEL,
} from '../kube/index.ts';
import type { KubeObject } from '../kube/index.ts';
import type { NovaTenant } from './types.ts';

/** May impersonate, and make tokens for, the accounts of the namespace it is bound in; from the join manifest. */
export const ACCOUNTS_ROLE = 'kubenova-tenant-accounts';
export const OWNER_ROLE = 'kubenova-tenant-owner';
export const VIEWER_ROLE = 'kubenova-tenant-viewer';

const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

/** Labels and annotations by which a child is recognised as this placement's. */
function marks(tenant: NovaTenant) {
  return {
    labels: { [TENANT_LABEL]: tenant.metadata.name },
    annotations: { [PLACEMENT_UID_ANNOTATION]: tenant.spec.uid },
  };
}

/**
 * Whether an object was made out of this NovaTenant, and not out of an older one of the same name: by its marks, or by its uid in the list of children,
 * which nobody but the operator writes.
 */
export function isOurs(object: KubeObject, tenant: NovaTenant): boolean {
  const { labels, annotations, uid } = object.metadata;
  const marked =
    labels?.[TENANT_LABEL] === tenant.metadata.name &&
    annotations?.[PLACEMENT_UID_ANNOTATION] === tenant.spec.uid;
  const children = tenant.status?.children ?? [];
  return marked || children.some(child => child.uid && child.uid === uid);
}

/** The operator's own namespace of the tenant, with the tenant's accounts, and the operator's rights on these accounts (T3). */
export function ownerChildren(tenant: NovaTenant): KubeObject[] {
  const { name } = tenant.metadata;
  const namespace = ownerNamespace(name);
  const account = (account_: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: account_, namespace, ...marks(tenant) },
    automountServiceAccountToken: false,
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: { ...marks(tenant).labels, [POD_SECURITY]: 'restricted' },
        annotations: marks(tenant).annotations,
      },
    },
    account(ownerAccount(name)),
    account(readonlyAccount(name)),
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: ACCOUNTS_ROLE, namespace, ...marks(tenant) },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: ACCOUNTS_ROLE,
      },
      subjects: [
        {
          kind: 'ServiceAccount',
          name: OPERATOR_ACCOUNT,
          namespace: OPERATOR_NAMESPACE,
        },
      ],
    },
  ];
}

/** Capsule's side: the tenant and its owner. The owner has our own roles, not Kubernetes' `admin` (T7). */
export function capsuleChildren(tenant: NovaTenant): KubeObject[] {
  const { name } = tenant.metadata;
  return [
    {
      apiVersion: 'capsule.clastix.io/v1beta2',
      kind: 'TenantOwner',
      metadata: { name: ownerAccount(name), ...marks(tenant) },
      spec: {
        kind: 'ServiceAccount',
        name: ownerUser(name),
        // Makes the account one of Capsule's users, without whom it would not be asked as an owner.
        aggregate: true,
        clusterRoles: [OWNER_ROLE, 'capsule-namespace-deleter'],
      },
    },
    {
      apiVersion: 'capsule.clastix.io/v1beta2',
      kind: 'Tenant',
      metadata: { name, ...marks(tenant) },
      spec: {
        forceTenantPrefix: true,
        permissions: {
          allowOwnerPromotion: false,
          matchOwners: [{ matchLabels: { [TENANT_LABEL]: name } }],
        },
        additionalRoleBindings: [
          {
            clusterRoleName: VIEWER_ROLE,
            subjects: [
              {
                kind: 'ServiceAccount',
                name: readonlyAccount(name),
                namespace: ownerNamespace(name),
              },
            ],
          },
        ],
        namespaceOptions: {
          additionalMetadataList: [
            {
              labels: {
                [TENANT_LABEL]: name,
                [POD_SECURITY]: 'baseline',
              },
            },
          ],
        },
      },
    },
  ];
}

/** The tenant's own namespace, in Capsule's hands from its first moment. */
export function appsChild(
  tenant: NovaTenant,
  capsuleTenant: KubeObject,
): KubeObject {
  const { name } = tenant.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: appsNamespace(name),
      labels: {
        ...marks(tenant).labels,
        [CAPSULE_TENANT_LABEL]: name,
        [POD_SECURITY]: 'baseline',
      },
      annotations: marks(tenant).annotations,
      ownerReferences: [
        {
          apiVersion: capsuleTenant.apiVersion,
          kind: 'Tenant',
          name,
          uid: capsuleTenant.metadata.uid ?? '',
        },
      ],
    },
  };
}

/** The RFC's Project (5.4). */
export function projectChild(tenant: NovaTenant): KubeObject {
  const { name } = tenant.metadata;
  return {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Project',
    metadata: { name: projectName(name), ...marks(tenant) },
    spec: {
      description: tenant.spec.displayName ?? name,
      destinations: [
        { name: 'local', namespace: appsNamespace(name), cluster: 'local' },
      ],
    },
  };
}

export function projectName(tenant: string): string {
  return `project-${tenant}`;
}
