import type { Refusal } from './createGuard.ts';
import { checkFields, checkKind, checkTexts, isObject } from './fields.ts';
import type { Fields } from './fields.ts';

const FLAGS = ['installCapsule', 'installCapsuleProxy', 'installKubeVela'];
const TEXTS = ['kubeVelaProfile', 'targetStorageClass', 'capsuleProxyUrl'];

/** `cluster/config`: a NovaClusterConfig named "cluster", with the fields of its schema and no others. */
export function checkClusterConfig(object: Fields): Refusal {
  const { metadata, spec } = object;
  if (!isObject(metadata) || !isObject(spec)) {
    return 'The NovaClusterConfig needs metadata and spec.';
  }
  return (
    checkKind(object, 'kubenova.io/v1alpha1', 'NovaClusterConfig') ??
    checkFields('', object, ['apiVersion', 'kind', 'metadata', 'spec']) ??
    checkFields('metadata.', metadata, ['name', 'labels', 'annotations']) ??
    (metadata.name === 'cluster'
      ? undefined
      : 'The NovaClusterConfig must be named "cluster".') ??
    checkTexts('metadata.labels', metadata.labels) ??
    checkTexts('metadata.annotations', metadata.annotations) ??
    checkSpec(spec)
  );
}

function checkSpec(spec: Fields): Refusal {
  const flag = FLAGS.find(name => typeof spec[name] !== 'boolean');
  if (flag) {
    return `Set spec.${flag} to true or false.`;
  }
  const text = TEXTS.find(
    name => spec[name] !== undefined && typeof spec[name] !== 'string',
  );
  if (text) {
    return `Make spec.${text} a text.`;
  }
  return (
    checkFields('spec.', spec, [...FLAGS, ...TEXTS, 'targetLbAnnotations']) ??
    checkTexts('spec.targetLbAnnotations', spec.targetLbAnnotations)
  );
}
