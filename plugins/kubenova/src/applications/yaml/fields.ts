import type { ApplicationForm } from '@kubenova/plugin-kubenova-common';

/** The form's fields as they are typed; empty is left out. */
export type FormFields = {
  image: string;
  port: string;
  replicas: string;
  cpu: string;
  memory: string;
};

export const EMPTY_FIELDS: FormFields = {
  image: '',
  port: '',
  replicas: '',
  cpu: '',
  memory: '',
};

export type FieldProblem =
  | 'imageMissing'
  | 'portInvalid'
  | 'replicasInvalid'
  | 'cpuInvalid'
  | 'memoryInvalid';

const CPU = /^\d+(\.\d+)?m?$/;
const MEMORY = /^\d+(\.\d+)?([kKMGTPE]i?)?$/;

function isWholeNumber(text: string, min: number, max: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
}

/** What is wrong with each field. */
export function fieldProblems(
  fields: FormFields,
): Partial<Record<keyof FormFields, FieldProblem>> {
  const { image, port, replicas, cpu, memory } = fields;
  return {
    ...(!image && { image: 'imageMissing' }),
    ...(port && !isWholeNumber(port, 1, 65_535) && { port: 'portInvalid' }),
    ...(replicas &&
      !isWholeNumber(replicas, 0, 1_000) && { replicas: 'replicasInvalid' }),
    ...(cpu && !CPU.test(cpu) && { cpu: 'cpuInvalid' }),
    ...(memory && !MEMORY.test(memory) && { memory: 'memoryInvalid' }),
  };
}

/** The API's form; for fields without problems. */
export function toApplicationForm(fields: FormFields): ApplicationForm {
  const { image, port, replicas, cpu, memory } = fields;
  return {
    image,
    ...(port && { port: Number(port) }),
    ...(replicas && { replicas: Number(replicas) }),
    ...(cpu && { cpu }),
    ...(memory && { memory }),
  };
}
