import type { Refusal } from './createGuard.ts';

/** What a key names. */
export type ParsedKey =
  | { type: 'cluster' }
  | { type: 'tenant'; tenant: string }
  | { type: 'application'; tenant: string; application: string };

const NAME = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;

/** Names whose namespaces are, or look like, the platform's. */
const RESERVED = ['kube', 'default', 'kubenova', 'capsule', 'vela'];

/** A DNS label of 1 to 40 characters: `<tenant>-owner` must fit in 63. */
export function isName(name: string): boolean {
  return NAME.test(name);
}

/** What a key names, or `undefined` for a key of no kind. */
export function parseKey(key: string): ParsedKey | undefined {
  if (key === 'cluster/config') {
    return { type: 'cluster' };
  }
  const [kind, ...names] = key.split('/');
  if (!names.every(isName)) {
    return undefined;
  }
  if (kind === 'tenants' && names.length === 1) {
    return { type: 'tenant', tenant: names[0] };
  }
  if (kind === 'applications' && names.length === 2) {
    return { type: 'application', tenant: names[0], application: names[1] };
  }
  return undefined;
}

/** Refuses names that would make one tenant's namespaces look like another's, or like the platform's (T5). */
export function checkTenantName(tenant: string, heldKeys: string[]): Refusal {
  const reserved = RESERVED.find(name => extendsName(tenant, name));
  if (reserved) {
    return `The tenant's name "${tenant}" is reserved; choose one that is neither "${reserved}" nor begins with "${reserved}-".`;
  }
  const others = heldKeys
    .map(parseKey)
    .flatMap(key => (key?.type === 'tenant' ? [key.tenant] : []));
  const near = others.find(
    other =>
      other !== tenant &&
      (extendsName(tenant, other) || extendsName(other, tenant)),
  );
  return near
    ? `The tenant's name "${tenant}" and that of the tenant "${near}" extend one another by a dash; choose one that does not.`
    : undefined;
}

function extendsName(name: string, base: string): boolean {
  return name === base || name.startsWith(`${base}-`);
}
