import type { Refusal } from './createGuard.ts';

export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Refuses fields that are not in a closed list. */
export function checkFields(
  where: string,
  object: Fields,
  allowed: readonly string[],
): Refusal {
  const unknown = Object.keys(object).find(field => !allowed.includes(field));
  return unknown === undefined
    ? undefined
    : `Remove ${where}${unknown}: only ${allowed.join(
        ', ',
      )} are allowed there.`;
}

/** Refuses an object of another apiVersion or kind. */
export function checkKind(
  object: Fields,
  apiVersion: string,
  kind: string,
): Refusal {
  return object.apiVersion === apiVersion && object.kind === kind
    ? undefined
    : `The object is ${object.apiVersion} ${object.kind}; it must be ${apiVersion} ${kind}.`;
}

/** Refuses labels or annotations that are not texts. */
export function checkTexts(where: string, value: unknown): Refusal {
  if (value === undefined) {
    return undefined;
  }
  const fine =
    isObject(value) &&
    Object.values(value).every(text => typeof text === 'string');
  return fine ? undefined : `Make every value of ${where} a quoted text.`;
}
