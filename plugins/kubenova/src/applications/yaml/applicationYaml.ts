/**
 * The form and the YAML are two views of one document. The YAML is the whole;
 * the form reads and writes a few paths of its first component, and leaves all
 * else as it is, comments and unknown keys too.
 */
import { applicationFromForm } from '@kubenova/plugin-kubenova-common';
import { type Document, parseDocument } from 'yaml';
import type { FormFields } from './fields';

type Identity = { tenant: string; name: string };

export type YamlProblem = { line: number; message: string };

export type ReadYaml =
  | { ok: true; name: string; fields: FormFields; isPlain: boolean }
  | { ok: false; problem: YamlProblem };

const COMPONENT = ['spec', 'components', 0] as const;
const PROPERTIES = [...COMPONENT, 'properties'] as const;
const TRAITS = [...COMPONENT, 'traits'] as const;

/** What the form shows of a YAML; `isPlain` says that this is all there is. */
export function readYaml(text: string): ReadYaml {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) {
    return {
      ok: false,
      problem: {
        line: error.linePos?.[0].line ?? 1,
        // The rest of the message repeats the position and quotes the source.
        message: error.message.split(/ at line \d/)[0],
      },
    };
  }
  const name = textAt(document, ['metadata', 'name']);
  const fields: FormFields = {
    image: textAt(document, [...PROPERTIES, 'image']),
    port: textAt(document, [...PROPERTIES, 'ports', 0, 'port']),
    replicas: textAt(document, replicasPath(document)),
    cpu: textAt(document, [...PROPERTIES, 'cpu']),
    memory: textAt(document, [...PROPERTIES, 'memory']),
  };
  return { ok: true, name, fields, isPlain: isPlain(document) };
}

/**
 * Puts the form's fields into a YAML, or makes one of them where there is
 * none. An emptied field takes its path away; one that is no number yet is
 * kept as it was typed, so that it is there when the form comes back.
 */
export function writeYaml(
  text: string | undefined,
  identity: Identity,
  fields: FormFields,
): string {
  const { image, cpu, memory } = fields;
  const document = parseDocument(
    text ?? applicationFromForm(identity, { image }),
  );
  setAt(document, [...PROPERTIES, 'image'], image);
  setAt(document, [...PROPERTIES, 'cpu'], cpu || undefined);
  setAt(document, [...PROPERTIES, 'memory'], memory || undefined);
  setPort(document, asTyped(fields.port));
  setReplicas(document, asTyped(fields.replicas));
  return withIdentity(document.toString(), identity);
}

/** Renames the application in a YAML; one that can't be parsed stays. */
export function withIdentity(text: string, identity: Identity): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return text;
  }
  const before = textAt(document, ['metadata', 'name']);
  const componentName = textAt(document, [...COMPONENT, 'name']);
  document.setIn(['metadata', 'name'], identity.name);
  if (document.hasIn(['metadata', 'namespace'])) {
    document.setIn(['metadata', 'namespace'], `${identity.tenant}-apps`);
  }
  if (componentName === before && document.hasIn([...COMPONENT, 'name'])) {
    document.setIn([...COMPONENT, 'name'], identity.name);
  }
  return document.toString();
}

function textAt(document: Document, path: Iterable<unknown>): string {
  const value = document.getIn(path);
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : '';
}

type Typed = number | string | undefined;

function asTyped(text: string): Typed {
  return /^\d+$/.test(text) ? Number(text) : text || undefined;
}

function setAt(
  document: Document,
  path: readonly unknown[],
  value: unknown,
): void {
  if (value === undefined) {
    document.deleteIn(path);
  } else if (document.getIn(path) !== value) {
    document.setIn(path, value);
  }
}

function setPort(document: Document, port: Typed): void {
  const ports = [...PROPERTIES, 'ports'];
  if (port === undefined) {
    document.deleteIn(ports);
  } else if (document.hasIn([...ports, 0])) {
    setAt(document, [...ports, 0, 'port'], port);
  } else {
    document.setIn(ports, document.createNode([{ port, expose: true }]));
  }
}

function scalerIndex(document: Document): number {
  const { traits = [] } = firstComponent(document);
  return traits.findIndex(trait => trait?.type === 'scaler');
}

function replicasPath(document: Document): unknown[] {
  return [...TRAITS, scalerIndex(document), 'properties', 'replicas'];
}

function setReplicas(document: Document, replicas: Typed): void {
  const index = scalerIndex(document);
  if (index >= 0 && replicas !== undefined) {
    setAt(document, replicasPath(document), replicas);
  } else if (index >= 0) {
    document.deleteIn([...TRAITS, index]);
  } else if (replicas !== undefined) {
    const trait = { type: 'scaler', properties: { replicas } };
    if (document.hasIn(TRAITS)) {
      document.addIn(TRAITS, document.createNode(trait));
    } else {
      document.setIn(TRAITS, document.createNode([trait]));
    }
  }
}

type ApplicationLike = {
  spec?: Record<string, unknown> & { components?: ComponentLike[] };
};
type ComponentLike = Record<string, unknown> & {
  properties?: Record<string, unknown> & { ports?: unknown[] };
  traits?: Array<{ type?: string }>;
};

function firstComponent(document: Document): ComponentLike {
  const application = document.toJS() as ApplicationLike | null;
  return application?.spec?.components?.[0] ?? {};
}

const PLAIN_PROPERTIES = ['image', 'imagePullPolicy', 'ports', 'cpu', 'memory'];

function isPlain(document: Document): boolean {
  const { spec = {} } = (document.toJS() as ApplicationLike | null) ?? {};
  const { properties = {}, traits = [], type } = firstComponent(document);
  return (
    Object.keys(spec).every(key => key === 'components') &&
    spec.components?.length === 1 &&
    type === 'webservice' &&
    Object.keys(properties).every(key => PLAIN_PROPERTIES.includes(key)) &&
    (properties.ports ?? []).length <= 1 &&
    traits.every(trait => trait?.type === 'scaler')
  );
}
