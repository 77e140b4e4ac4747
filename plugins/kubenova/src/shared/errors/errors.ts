import { ResponseError } from '@backstage/errors';

/** What went wrong, in the Manager's own sentence where it gave one. */
export function errorSentence(error: unknown): string {
  if (error instanceof ResponseError) {
    return error.body.error.message || error.message;
  }
  return error instanceof Error ? error.message : String(error);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ResponseError && error.statusCode === 404;
}

/** Whether asking again may help: not after the Manager's own "no". */
export function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof ResponseError) || error.statusCode >= 500;
}
