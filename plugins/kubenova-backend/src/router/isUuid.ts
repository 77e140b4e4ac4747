const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether an id of a path may be asked of a uuid column, which refuses anything else. */
export function isUuid(id: string): boolean {
  return UUID.test(id);
}
