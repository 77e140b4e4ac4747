const RESERVED = ['kube', 'default', 'kubenova', 'capsule', 'vela'];

/**
 * The reserved word that keeps a tenant from having this name, or `undefined`. A name that extends a reserved word by a hyphen is
 * reserved too, because a tenant's namespaces begin with its name (`kube-system`, `vela-system`).
 *
 * @public
 */
export function reservedTenantWord(name: string): string | undefined {
  return RESERVED.find(word => name === word || name.startsWith(`${word}-`));
}
