/**
 * The rules of an application's YAML, as one pure function.
 *
 * They are courtesies with good sentences: what a tenant may really do is decided in the cluster, by admission and by the rights of the
 * tenant's owner, as which everything is applied.
 */
import { toError } from '@backstage/errors';
import type { KubenovaErrorCode } from '@kubenova/plugin-kubenova-common';
import { isScalar, parseAllDocuments, type Document } from 'yaml';

/** 1 MiB, counted as bytes of UTF-8. */
export const MAX_YAML_BYTES = 1024 * 1024;

/** Below the 1.5 MiB that etcd takes: aliases may make a small document a large object. */
const MAX_OBJECT_BYTES = 1_500_000;

/** How often aliases may be followed in all; a bomb doubles itself at each level. */
const MAX_ALIASES = 100;

/** An object as JSON has it. */
export type PlainObject = { [key: string]: unknown };

export type YamlCheck =
  | { outcome: 'ok'; application: PlainObject }
  | { outcome: 'refused'; code: KubenovaErrorCode; message: string };

type Refused = Extract<YamlCheck, { outcome: 'refused' }>;

/** Checks YAML that is to become the application `name` of `tenant`; an absent name or namespace is right. */
export function checkApplicationYaml(
  yaml: string,
  expected: { tenant: string; name: string },
): YamlCheck {
  const bytes = Buffer.byteLength(yaml, 'utf8');
  if (bytes > MAX_YAML_BYTES) {
    return refused(
      'YAML_TOO_LARGE',
      `The YAML has ${bytes} bytes; an application has at most 1 MiB (${MAX_YAML_BYTES} bytes).`,
    );
  }
  const read = readOneObject(yaml);
  if (read.outcome === 'refused') {
    return read;
  }
  const { application } = read;
  return (
    checkKind(application) ??
    checkName(application, expected.name) ??
    checkObjects(application, `${expected.tenant}-apps`) ?? {
      outcome: 'ok',
      application,
    }
  );
}

/** Whatever the parser throws (a bomb of aliases, a document too deep for the stack) is the document's fault. */
function readOneObject(yaml: string): YamlCheck {
  try {
    return parseOneObject(yaml);
  } catch (error) {
    return refused(
      'YAML_INVALID',
      `Correct the YAML: ${toError(error).message}`,
    );
  }
}

function parseOneObject(yaml: string): YamlCheck {
  const parsed = parseAllDocuments(yaml, { stringKeys: true });
  const documents = Array.isArray(parsed) ? parsed.filter(isFilled) : [];
  if (documents.length !== 1) {
    return refused(
      'YAML_INVALID',
      `The YAML holds ${documents.length} documents; give exactly one, a KubeVela Application.`,
    );
  }
  const [document] = documents;
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    return refused('YAML_INVALID', `Correct the YAML: ${problem.message}`);
  }
  const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
  // Writes out what aliases share, and finds what JSON, hence Kubernetes, does not have.
  const json = JSON.stringify(value, refuseUnknownNumbers);
  if (Buffer.byteLength(json, 'utf8') > MAX_OBJECT_BYTES) {
    return refused(
      'YAML_TOO_LARGE',
      'With its aliases written out the object is larger than 1.5 MB; make it smaller.',
    );
  }
  return isObject(value)
    ? { outcome: 'ok', application: JSON.parse(json) }
    : notAnApplication();
}

/** A marker `---` at the end begins one more document, which is empty. */
function isFilled({ contents, errors }: Document.Parsed): boolean {
  const isEmpty =
    contents === null || (isScalar(contents) && contents.source === '');
  return !isEmpty || errors.length > 0;
}

function refuseUnknownNumbers(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`${key} is ${value}, which Kubernetes does not take`);
  }
  return value;
}

function checkKind(application: PlainObject): Refused | undefined {
  const isApplication =
    application.apiVersion === 'core.oam.dev/v1beta1' &&
    application.kind === 'Application' &&
    isObject(application.spec) &&
    (application.metadata === undefined || isObject(application.metadata));
  return isApplication ? undefined : notAnApplication();
}

function checkName(
  application: PlainObject,
  expected: string,
): Refused | undefined {
  const name = metadataOf(application).name ?? expected;
  return name === expected
    ? undefined
    : refused(
        'YAML_NAME_MISMATCH',
        `metadata.name is ${JSON.stringify(
          name,
        )}, but the application is named ${expected}; use one name, or leave it out of the YAML.`,
      );
}

/** Looks at every object in the document, however deep: Secrets, and what names another namespace. */
function checkObjects(
  application: PlainObject,
  namespace: string,
): Refused | undefined {
  const waiting: Array<{ value: unknown; path: string }> = [
    { value: application, path: '' },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path } = next;
    if (isObject(value)) {
      const problem = checkObject(value, path, namespace);
      if (problem) {
        return problem;
      }
      const at = path && `${path}.`;
      Object.entries(value).forEach(([key, member]) =>
        waiting.push({ value: member, path: `${at}${key}` }),
      );
    } else if (Array.isArray(value)) {
      value.forEach((item, index) =>
        waiting.push({ value: item, path: `${path}[${index}]` }),
      );
    }
  }
  return undefined;
}

function checkObject(
  object: PlainObject,
  path: string,
  namespace: string,
): Refused | undefined {
  const where = path || 'the document';
  if (object.kind === 'Secret' || object.kind === 'SecretList') {
    return refused(
      'YAML_HAS_SECRET',
      `There is a ${object.kind} in ${where}; take it out, and refer to a Secret that is in the datacenter by its name (secretKeyRef).`,
    );
  }
  const named = namespacesNamedBy(object);
  const foreign = named.find(name => name !== namespace);
  return foreign === undefined
    ? undefined
    : refused(
        'YAML_FOREIGN_NAMESPACE',
        `The namespace ${JSON.stringify(
          foreign,
        )} is named in ${where}; an application lives in ${namespace}: leave namespaces out.`,
      );
}

/** `namespace: x`, `namespaces: [x]` and the object `Namespace` x. An empty one means one's own. */
function namespacesNamedBy(object: PlainObject): unknown[] {
  const names: unknown[] = [object.namespace];
  if (Array.isArray(object.namespaces)) {
    names.push(...object.namespaces);
  } else {
    names.push(object.namespaces);
  }
  if (object.kind === 'Namespace') {
    names.push(metadataOf(object).name ?? object.name);
  }
  return names.filter(
    name =>
      name !== undefined &&
      name !== null &&
      name !== '' &&
      typeof name !== 'object',
  );
}

function metadataOf(object: PlainObject): PlainObject {
  return isObject(object.metadata) ? object.metadata : {};
}

function notAnApplication(): Refused {
  return refused(
    'YAML_NOT_APPLICATION',
    'The YAML is not a KubeVela Application; give an object with apiVersion core.oam.dev/v1beta1, kind Application and a spec.',
  );
}

function refused(code: KubenovaErrorCode, message: string): Refused {
  return { outcome: 'refused', code, message };
}

function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
