import {
  nameProblem,
  type KubenovaErrorCode,
} from '@kubenova/plugin-kubenova-common';
import type { FieldErrors } from '../../../shared/errors';
import type { Translate } from '../../../translation';
import { fieldProblems, type FormFields } from '../../yaml';
import { type Draft, yamlProblem } from './draft';

export type DraftField =
  | 'tenant'
  | 'name'
  | 'clusters'
  | 'yaml'
  | keyof FormFields;

export type DraftErrors = FieldErrors<DraftField>;

/** Where the Manager's refusals belong. */
export const FIELD_BY_CODE: Partial<Record<KubenovaErrorCode, DraftField>> = {
  NAME_INVALID: 'name',
  NAME_RESERVED: 'name',
  NAME_TAKEN: 'name',
  NAME_BEING_DELETED: 'name',
  TENANT_NOT_FOUND: 'tenant',
  CLUSTER_NOT_FOUND: 'clusters',
  PLACEMENT_NOT_FOUND: 'clusters',
  PLACEMENT_DELETING: 'clusters',
  YAML_INVALID: 'yaml',
  YAML_TOO_LARGE: 'yaml',
  YAML_NOT_APPLICATION: 'yaml',
  YAML_HAS_SECRET: 'yaml',
  YAML_FOREIGN_NAMESPACE: 'yaml',
  YAML_NAME_MISMATCH: 'yaml',
};

/** What can be said to be wrong before the Manager is asked. */
export function problemsOf(draft: Draft, t: Translate): DraftErrors {
  const { target, fields, tab } = draft;
  const errors: DraftErrors = {
    tenant: target.tenant ? undefined : t('applications.form.tenantMissing'),
    name: nameProblem(target.name),
    clusters: target.clusters.length
      ? undefined
      : t('applications.form.clustersMissing'),
  };
  if (tab === 'yaml') {
    const problem = yamlProblem(draft);
    errors.yaml =
      problem &&
      t('applications.form.yamlError', {
        line: String(problem.line),
        message: problem.message,
      });
    return errors;
  }
  for (const [field, problem] of Object.entries(fieldProblems(fields))) {
    errors[field as keyof FormFields] = t(`applications.form.${problem}`);
  }
  return errors;
}

export function hasErrors(errors: DraftErrors): boolean {
  return Object.values(errors).some(Boolean);
}
