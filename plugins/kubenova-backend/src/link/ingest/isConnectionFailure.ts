/**
 * Whether an error says that the database is away or refuses to work, rather than that something is wrong with what it was asked: the
 * connection broke or could not be made, the server stops or has no room (SQLSTATE classes 08, 53, 57, 58), or the pool had no connection.
 */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(08|53|57P|58)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    error.name === 'KnexTimeoutError' ||
    /^Connection terminated/.test(error.message)
  );
}
