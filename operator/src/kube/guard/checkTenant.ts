import type { Refusal } from './createGuard.ts';
import { checkFields, checkKind, checkTexts, isObject } from './fields.ts';
import type { Fields } from './fields.ts';

/** `tenants/<name>`: a NovaTenant of that name, with the fields of its schema and no others. */
export function checkTenant(
  tenant: string,
  uid: string,
  object: Fields,
): Refusal {
  const { metadata, spec } = object;
  if (!isObject(metadata) || !isObject(spec)) {
    return 'The NovaTenant needs metadata and spec.';
  }
  return (
    checkKind(object, 'kubenova.io/v1alpha1', 'NovaTenant') ??
    checkFields('', object, ['apiVersion', 'kind', 'metadata', 'spec']) ??
    checkFields('metadata.', metadata, ['name', 'labels', 'annotations']) ??
    (metadata.name === tenant
      ? undefined
      : `The NovaTenant is named "${metadata.name}"; its key says "${tenant}".`) ??
    checkTexts('metadata.labels', metadata.labels) ??
    checkTexts('metadata.annotations', metadata.annotations) ??
    checkFields('spec.', spec, ['uid', 'displayName']) ??
    (spec.uid === uid
      ? undefined
      : `spec.uid is "${spec.uid}"; it must be the placement's, "${uid}".`) ??
    (spec.displayName === undefined || typeof spec.displayName === 'string'
      ? undefined
      : 'Make spec.displayName a text.')
  );
}
