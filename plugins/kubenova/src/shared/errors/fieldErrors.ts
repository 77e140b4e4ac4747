import {
  errorCodeOf,
  type KubenovaErrorCode,
} from '@kubenova/plugin-kubenova-common';
import { errorSentence } from './errors';

/** Sentences by the field that they belong to; `form` is for the whole. */
export type FieldErrors<Field extends string> = Partial<
  Record<Field | 'form', string>
>;

/**
 * Puts a failed request's sentence where the user can act on it: at the field
 * that its code names, else at the form.
 */
export function toFieldErrors<Field extends string>(
  error: unknown,
  fieldByCode: Readonly<Partial<Record<KubenovaErrorCode, Field>>>,
): FieldErrors<Field> {
  if (!error) {
    return {};
  }
  const code = errorCodeOf(error);
  const field: Field | 'form' = (code && fieldByCode[code]) || 'form';
  const errors: FieldErrors<Field> = {};
  errors[field] = errorSentence(error);
  return errors;
}
