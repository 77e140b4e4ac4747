import {
  applicationFromForm,
  formProblem,
} from '@kubenova/plugin-kubenova-common';
import { InvalidRequestError } from '../errors';
import type { ApplicationForm } from '../schema/openapi/generated/models';
import { checkApplicationYaml, type PlainObject } from './checkApplicationYaml';

/** What is to be deployed: as the user gave it, and as an object that was checked. */
export interface CheckedApplication {
  yaml: string;
  object: PlainObject;
}

/** @throws InvalidRequestError with the code of what is wrong. */
export function desiredYaml(
  request: { yaml?: string; form?: ApplicationForm },
  application: { tenant: string; name: string },
): CheckedApplication {
  const yaml = chosenYaml(request, application);
  const check = checkApplicationYaml(yaml, application);
  if (check.outcome === 'refused') {
    throw new InvalidRequestError(check.code, check.message);
  }
  return { yaml, object: check.application };
}

function chosenYaml(
  request: { yaml?: string; form?: ApplicationForm },
  application: { tenant: string; name: string },
): string {
  const { yaml, form } = request;
  if (yaml !== undefined && form === undefined) {
    return yaml;
  }
  if (form === undefined || yaml !== undefined) {
    throw new InvalidRequestError(
      'FORM_OR_YAML',
      'Give either yaml or form, not both and not neither.',
    );
  }
  const problem = formProblem(form);
  if (problem) {
    throw new InvalidRequestError('INPUT_INVALID', problem);
  }
  return applicationFromForm(application, form);
}
