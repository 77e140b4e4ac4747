import { parse } from 'yaml';

/** An object as JSON has it. */
export type HeldObject = { [field: string]: unknown };

/** The object that an operator holds as YAML of the given kind; `undefined` where it is none. */
export function parseHeld(yaml: string, kind: string): HeldObject | undefined {
  try {
    const value: unknown = parse(yaml);
    return isObject(value) && value.kind === kind ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A field that is to be an object; an empty one where it is not. */
export function objectIn(object: HeldObject, field: string): HeldObject {
  const value = object[field];
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is HeldObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
