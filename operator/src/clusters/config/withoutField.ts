/**
 * A copy of an object without the field that a dotted path names (".spec.installCapsule"), as the API server writes them in conflicts.
 * `undefined` where the object has no such field.
 */
export function withoutField<T extends object>(
  object: T,
  path: string,
): T | undefined {
  const [field, ...rest] = path.replace(/^\./, '').split('.');
  if (!Object.hasOwn(object, field)) {
    return undefined;
  }
  const copy = { ...object } as Record<string, unknown>;
  if (rest.length === 0) {
    delete copy[field];
    return copy as T;
  }
  const nested = copy[field];
  if (typeof nested !== 'object' || nested === null) {
    return undefined;
  }
  const less = withoutField(nested, rest.join('.'));
  if (!less) {
    return undefined;
  }
  copy[field] = less;
  return copy as T;
}
