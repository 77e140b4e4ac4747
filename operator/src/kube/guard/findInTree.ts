/** The path of the first field, however deep, that the test holds for; `undefined` where there is none. */
export function findInTree(
  path: string,
  value: unknown,
  test: (field: string, value: unknown) => boolean,
): string | undefined {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = findInTree(`${path}[${index}]`, item, test);
      if (found) {
        return found;
      }
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (const [field, nested] of Object.entries(value)) {
    if (test(field, nested)) {
      return `${path}.${field}`;
    }
    const found = findInTree(`${path}.${field}`, nested, test);
    if (found) {
      return found;
    }
  }
  return undefined;
}
