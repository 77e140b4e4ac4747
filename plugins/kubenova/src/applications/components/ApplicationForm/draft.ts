/**
 * An application while it is being written.
 *
 * 1. On the form's tab the fields are the truth, on the YAML's tab the YAML.
 * 2. Changing tabs writes the one into the other. A YAML that can't be read
 *    can't be left, so nothing that was typed is ever lost.
 * 3. There is no YAML until its tab is opened, or an existing application
 *    brings one; only then is the plain form sent to the Manager.
 */
import type { ApplicationForm } from '@kubenova/plugin-kubenova-common';
import {
  EMPTY_FIELDS,
  type FormFields,
  readYaml,
  toApplicationForm,
  withIdentity,
  writeYaml,
  type YamlProblem,
} from '../../yaml';

export type Tab = 'form' | 'yaml';

export type Target = { tenant: string; name: string; clusters: string[] };

export type Draft = {
  target: Target;
  fields: FormFields;
  yaml?: string;
  tab: Tab;
};

export function startDraft(target: Target, yaml?: string): Draft {
  const read = yaml === undefined ? undefined : readYaml(yaml);
  return {
    target,
    fields: read?.ok ? read.fields : EMPTY_FIELDS,
    yaml,
    tab: read && !(read.ok && read.isPlain) ? 'yaml' : 'form',
  };
}

export function withTarget(draft: Draft, change: Partial<Target>): Draft {
  const target = { ...draft.target, ...change };
  const yaml =
    draft.tab === 'yaml' && draft.yaml !== undefined
      ? withIdentity(draft.yaml, target)
      : draft.yaml;
  return { ...draft, target, yaml };
}

export function withField(
  draft: Draft,
  field: keyof FormFields,
  value: string,
): Draft {
  return { ...draft, fields: { ...draft.fields, [field]: value } };
}

export function withYaml(draft: Draft, yaml: string): Draft {
  return { ...draft, yaml };
}

export function yamlProblem(draft: Draft): YamlProblem | undefined {
  if (draft.tab !== 'yaml' || draft.yaml === undefined) {
    return undefined;
  }
  const read = readYaml(draft.yaml);
  return read.ok ? undefined : read.problem;
}

/** Whether the YAML says more than the form shows. */
export function hasMoreThanForm(draft: Draft): boolean {
  const read = draft.yaml === undefined ? undefined : readYaml(draft.yaml);
  return read?.ok === true && !read.isPlain;
}

export function showTab(draft: Draft, tab: Tab): Draft {
  if (tab === draft.tab) {
    return draft;
  }
  if (tab === 'yaml') {
    return {
      ...draft,
      tab,
      yaml: writeYaml(draft.yaml, draft.target, draft.fields),
    };
  }
  const read = readYaml(draft.yaml ?? '');
  return read.ok ? { ...draft, tab, fields: read.fields } : draft;
}

/** What is sent to the Manager. */
export function contentOf(
  draft: Draft,
): { form: ApplicationForm } | { yaml: string } {
  if (draft.yaml === undefined) {
    return { form: toApplicationForm(draft.fields) };
  }
  return {
    yaml:
      draft.tab === 'yaml'
        ? draft.yaml
        : writeYaml(draft.yaml, draft.target, draft.fields),
  };
}
