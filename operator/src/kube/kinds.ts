/**
 * The kinds that the operator reads or writes. A closed list: there is no discovery, so that no object's text can decide which path of the
 * API server is asked.
 */
export type Kind = {
  apiVersion: string;
  kind: string;
  /** The resource's name in paths. */
  plural: string;
  namespaced: boolean;
};

const cluster = (apiVersion: string, kind: string, plural: string): Kind => ({
  apiVersion,
  kind,
  plural,
  namespaced: false,
});
const namespaced = (
  apiVersion: string,
  kind: string,
  plural: string,
): Kind => ({ apiVersion, kind, plural, namespaced: true });

export const NODE = cluster('v1', 'Node', 'nodes');
export const NAMESPACE = cluster('v1', 'Namespace', 'namespaces');
export const POD = namespaced('v1', 'Pod', 'pods');
export const SERVICE = namespaced('v1', 'Service', 'services');
export const SECRET = namespaced('v1', 'Secret', 'secrets');
export const CONFIG_MAP = namespaced('v1', 'ConfigMap', 'configmaps');
export const SERVICE_ACCOUNT = namespaced(
  'v1',
  'ServiceAccount',
  'serviceaccounts',
);
export const PERSISTENT_VOLUME_CLAIM = namespaced(
  'v1',
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
);
export const DEPLOYMENT = namespaced('apps/v1', 'Deployment', 'deployments');
export const JOB = namespaced('batch/v1', 'Job', 'jobs');
export const LEASE = namespaced('coordination.k8s.io/v1', 'Lease', 'leases');
export const ROLE_BINDING = namespaced(
  'rbac.authorization.k8s.io/v1',
  'RoleBinding',
  'rolebindings',
);
export const CUSTOM_RESOURCE_DEFINITION = cluster(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
);
export const ADMISSION_POLICY = cluster(
  'admissionregistration.k8s.io/v1',
  'ValidatingAdmissionPolicy',
  'validatingadmissionpolicies',
);
export const ADMISSION_POLICY_BINDING = cluster(
  'admissionregistration.k8s.io/v1',
  'ValidatingAdmissionPolicyBinding',
  'validatingadmissionpolicybindings',
);
export const NOVA_CLUSTER_CONFIG = cluster(
  'kubenova.io/v1alpha1',
  'NovaClusterConfig',
  'novaclusterconfigs',
);
export const NOVA_TENANT = cluster(
  'kubenova.io/v1alpha1',
  'NovaTenant',
  'novatenants',
);
export const CAPSULE_TENANT = cluster(
  'capsule.clastix.io/v1beta2',
  'Tenant',
  'tenants',
);
export const CAPSULE_TENANT_OWNER = cluster(
  'capsule.clastix.io/v1beta2',
  'TenantOwner',
  'tenantowners',
);
export const CAPSULE_CONFIGURATION = cluster(
  'capsule.clastix.io/v1beta2',
  'CapsuleConfiguration',
  'capsuleconfigurations',
);
export const PROJECT = cluster('core.oam.dev/v1beta1', 'Project', 'projects');
export const APPLICATION = namespaced(
  'core.oam.dev/v1beta1',
  'Application',
  'applications',
);
export const RESOURCE_TRACKER = cluster(
  'core.oam.dev/v1beta1',
  'ResourceTracker',
  'resourcetrackers',
);

const ALL: readonly Kind[] = [
  NODE,
  NAMESPACE,
  POD,
  SERVICE,
  SECRET,
  CONFIG_MAP,
  SERVICE_ACCOUNT,
  PERSISTENT_VOLUME_CLAIM,
  DEPLOYMENT,
  JOB,
  LEASE,
  ROLE_BINDING,
  CUSTOM_RESOURCE_DEFINITION,
  ADMISSION_POLICY,
  ADMISSION_POLICY_BINDING,
  NOVA_CLUSTER_CONFIG,
  NOVA_TENANT,
  CAPSULE_TENANT,
  CAPSULE_TENANT_OWNER,
  CAPSULE_CONFIGURATION,
  PROJECT,
  APPLICATION,
  RESOURCE_TRACKER,
];

/** The kind of an object. @throws Error for one that the operator does not know. */
export function kindOf(object: { apiVersion: string; kind: string }): Kind {
  const kind = ALL.find(
    known =>
      known.kind === object.kind && known.apiVersion === object.apiVersion,
  );
  if (!kind) {
    throw new Error(
      `The operator does not know the kind ${object.apiVersion} ${object.kind}`,
    );
  }
  return kind;
}

/** The path of a kind's collection, or of one object of it. */
export function pathOf(
  kind: Kind,
  where: { namespace?: string; name?: string; subresource?: string } = {},
): string {
  const parts = [kind.apiVersion.includes('/') ? 'apis' : 'api'];
  parts.push(...kind.apiVersion.split('/'));
  if (kind.namespaced && where.namespace) {
    parts.push('namespaces', where.namespace);
  }
  parts.push(kind.plural);
  if (where.name) {
    parts.push(where.name);
  }
  if (where.subresource) {
    parts.push(where.subresource);
  }
  return `/${parts.map(encodeURIComponent).join('/')}`;
}
