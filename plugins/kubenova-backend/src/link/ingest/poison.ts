import { UnreadableEventError } from './eventWords';

/**
 * The code of an error that will come back however often an event is sent again (E9): it can't be read, or Postgres says that the data is
 * at fault (SQLSTATE classes 22, data exception, and 23, integrity constraint violation). `undefined` for every other error: those are
 * retried.
 */
export function poisonCode(error: unknown): string | undefined {
  if (error instanceof UnreadableEventError) {
    return 'UNREADABLE';
  }
  const code =
    error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^2[23][0-9A-Z]{3}$/.test(code)
    ? code
    : undefined;
}
