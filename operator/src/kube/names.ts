/** Names that KubeNova gives to things in a cluster: labels, annotations, namespaces, accounts. One place, so that they agree. */

/** The field manager of everything that the operator applies server-side. */
export const FIELD_MANAGER = 'kubenova';

/** The generation of the desired state that an object was made from (D8). */
export const GENERATION_ANNOTATION = 'kubenova.io/generation';
/** The UUID of the placement that a tenant's child belongs to; it differs when a name is used again (D3). */
export const PLACEMENT_UID_ANNOTATION = 'kubenova.io/placement-uid';

/** The tenant's name, on every object of a tenant. */
export const TENANT_LABEL = 'kubenova.io/tenant';
/** The deployment's UUID in the Manager, on Applications. */
export const APPLICATION_UID_LABEL = 'kubenova.io/application-uid';
/** The component that an installer Job works on. */
export const COMPONENT_LABEL = 'kubenova.io/component';
/** Capsule's own label: which tenant a namespace belongs to. */
export const CAPSULE_TENANT_LABEL = 'capsule.clastix.io/tenant';

export const OPERATOR_NAMESPACE = 'kubenova-system';
export const OPERATOR_ACCOUNT = 'kubenova-operator';
export const INSTALLER_NAMESPACE = 'kubenova-installer';
export const INSTALLER_ACCOUNT = 'kubenova-installer';

/** The operator's namespace of a tenant: accounts lie in it; it is not one of Capsule's (T3). */
export function ownerNamespace(tenant: string): string {
  return `${tenant}-owner`;
}

/** The tenant's own namespace, where applications run. */
export function appsNamespace(tenant: string): string {
  return `${tenant}-apps`;
}

export function ownerAccount(tenant: string): string {
  return `${tenant}-owner`;
}

export function readonlyAccount(tenant: string): string {
  return `${tenant}-readonly`;
}

/** The user name that the API server gives to a ServiceAccount. */
export function serviceAccountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** Who a tenant's Applications are written as. */
export function ownerUser(tenant: string): string {
  return serviceAccountUser(ownerNamespace(tenant), ownerAccount(tenant));
}
