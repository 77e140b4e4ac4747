/**
 * The second wall: protects a datacenter from its Manager (M1). Asked before a desired state is stored.
 *
 * A key is one object of one of three kinds, and nothing else passes: the object's kind, name and namespace must be the key's, its fields a
 * closed list. A refusal is a sentence that says what to change; nothing half-done is kept. The same rules hold in the cluster, by
 * admission and RBAC: this wall makes them early and readable.
 */
import { parseAllDocuments } from 'yaml';
import type { DesiredState, Guard } from '../../link/types.ts';
import { checkApplication } from './checkApplication.ts';
import { checkClusterConfig } from './checkClusterConfig.ts';
import { checkTenant } from './checkTenant.ts';
import { checkTenantName, parseKey } from './keys.ts';
import type { ParsedKey } from './keys.ts';

/**
 * What etcd takes. People may send the Manager 1 MiB; what it assembles of that, with its labels, may be a little more.
 */
export const MAX_YAML_BYTES = 1.5 * 1024 * 1024;

/** Aliases are expanded when a document is read; a few anchors are fine, a bomb is not. */
const MAX_ALIASES = 100;

export type GuardOptions = {
  /** The keys that are held already: a tenant's name must not extend another's (T5). */
  heldKeys?: () => string[];
};

/** A sentence that says what to change, or nothing where all is well. */
export type Refusal = string | undefined;

export function createGuard(options: GuardOptions = {}): Guard {
  return {
    check(state) {
      const reason = refusalOf(state, options.heldKeys?.() ?? []);
      return reason ? { allowed: false, reason } : { allowed: true };
    },
  };
}

function refusalOf(state: DesiredState, heldKeys: string[]): Refusal {
  const key = parseKey(state.key);
  if (!key) {
    return `The key "${state.key}" is none of cluster/config, tenants/<name> and applications/<tenant>/<name>, with names of 1 to 40 lower-case letters, digits and dashes.`;
  }
  if (state.yaml === undefined) {
    return undefined;
  }
  const bytes = Buffer.byteLength(state.yaml);
  if (bytes > MAX_YAML_BYTES) {
    return `The YAML has ${bytes} bytes; at most ${MAX_YAML_BYTES} (1.5 MiB) are allowed.`;
  }
  const parsed = parseYaml(state.yaml);
  if ('refusal' in parsed) {
    return parsed.refusal;
  }
  return checkObject(key, state, parsed.object, heldKeys);
}

function checkObject(
  key: ParsedKey,
  state: DesiredState,
  object: Record<string, unknown>,
  heldKeys: string[],
): Refusal {
  switch (key.type) {
    case 'cluster':
      return checkClusterConfig(object);
    case 'tenant':
      return (
        checkTenantName(key.tenant, heldKeys) ??
        checkTenant(key.tenant, state.uid, object)
      );
    case 'application':
      return checkApplication(key, state.uid, object);
    default:
      throw new Error(`Unknown key ${JSON.stringify(key)}`);
  }
}

function parseYaml(
  yaml: string,
): { object: Record<string, unknown> } | { refusal: string } {
  const documents = parseAllDocuments(yaml);
  if (!Array.isArray(documents) || documents.length !== 1) {
    return {
      refusal:
        'Send exactly one YAML document: one key is one object, so remove the others (separated by ---).',
    };
  }
  const [document] = documents;
  const [error] = document.errors;
  if (error) {
    return { refusal: `Correct the YAML: ${error.message}` };
  }
  try {
    const object: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (object && typeof object === 'object' && !Array.isArray(object)) {
      return { object: object as Record<string, unknown> };
    }
    return { refusal: 'The YAML must be one Kubernetes object.' };
  } catch (fault) {
    return {
      refusal: `Write out the YAML's aliases: ${
        fault instanceof Error ? fault.message : fault
      }`,
    };
  }
}
