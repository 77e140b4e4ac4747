const UNIQUE_VIOLATION = '23505';

/** Whether Postgres refused a row because another one has the same key. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === UNIQUE_VIOLATION;
}
