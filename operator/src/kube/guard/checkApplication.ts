import {
  appsNamespace,
  APPLICATION_UID_LABEL,
  TENANT_LABEL,
} from '../names.ts';
import type { Refusal } from './createGuard.ts';
import { checkFields, checkKind, checkTexts, isObject } from './fields.ts';
import type { Fields } from './fields.ts';
import { findInTree } from './findInTree.ts';

/** KubeVela runs an Application's workflow with the rights that these name: only the operator sets them (T1). */
const IDENTITY_ANNOTATIONS = [
  'app.oam.dev/username',
  'app.oam.dev/group',
  'app.oam.dev/service-account-name',
];

/** `applications/<tenant>/<name>`: a KubeVela Application of that name in the tenant's own namespace, and nothing beyond it. */
export function checkApplication(
  key: { tenant: string; application: string },
  uid: string,
  object: Fields,
): Refusal {
  const { metadata, spec } = object;
  if (!isObject(metadata) || !isObject(spec)) {
    return 'The Application needs metadata and spec.';
  }
  const namespace = appsNamespace(key.tenant);
  return (
    checkKind(object, 'core.oam.dev/v1beta1', 'Application') ??
    checkFields('', object, ['apiVersion', 'kind', 'metadata', 'spec']) ??
    checkMetadata(key, uid, metadata) ??
    checkNoSecret(spec) ??
    checkNamespaces(namespace, spec)
  );
}

function checkMetadata(
  key: { tenant: string; application: string },
  uid: string,
  metadata: Fields,
): Refusal {
  const { labels, annotations } = metadata;
  const namespace = appsNamespace(key.tenant);
  if (metadata.name !== key.application) {
    return `The Application is named "${metadata.name}"; its key says "${key.application}".`;
  }
  if (metadata.namespace !== namespace) {
    return `Set metadata.namespace to "${namespace}", the tenant's own namespace.`;
  }
  return (
    checkFields('metadata.', metadata, [
      'name',
      'namespace',
      'labels',
      'annotations',
    ]) ??
    checkTexts('metadata.labels', labels) ??
    checkTexts('metadata.annotations', annotations) ??
    checkIdentity((annotations ?? {}) as Fields) ??
    checkLabels((labels ?? {}) as Fields, key.tenant, uid)
  );
}

function checkIdentity(annotations: Fields): Refusal {
  const found = IDENTITY_ANNOTATIONS.find(name => name in annotations);
  return found
    ? `Remove the annotation ${found}: an Application always runs with the rights of its tenant's owner.`
    : undefined;
}

function checkLabels(labels: Fields, tenant: string, uid: string): Refusal {
  if (labels[TENANT_LABEL] !== tenant) {
    return `Set the label ${TENANT_LABEL} to "${tenant}".`;
  }
  return labels[APPLICATION_UID_LABEL] === uid
    ? undefined
    : `Set the label ${APPLICATION_UID_LABEL} to the deployment's, "${uid}".`;
}

function checkNoSecret(spec: Fields): Refusal {
  const path = findInTree(
    'spec',
    spec,
    (field, value) => field === 'kind' && value === 'Secret',
  );
  return path
    ? `Remove the Secret at ${path}: secrets never travel in an application's YAML; refer to one by secretKeyRef.`
    : undefined;
}

function checkNamespaces(namespace: string, spec: Fields): Refusal {
  const path = findInTree('spec', spec, (field, value) => {
    const named = Array.isArray(value) ? value : [value];
    return (
      (field === 'namespace' || field === 'namespaces') &&
      named.some(name => typeof name === 'string' && name !== namespace)
    );
  });
  return path
    ? `Remove ${path}, or set it to "${namespace}": an application stays in its tenant's own namespace.`
    : undefined;
}
