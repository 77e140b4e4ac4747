import { PreconditionFailedError } from '../errors';

/** The ETag of a row, from its version column. */
export function etagOf(row: { version: number }): string {
  return `"${row.version}"`;
}

/**
 * Refuses a change that is based on an older version than the row's. Without If-Match everything passes.
 *
 * @throws PreconditionFailedError
 */
export function checkEtag(
  row: { version: number },
  ifMatch: string | undefined,
): void {
  if (ifMatch === undefined) {
    return;
  }
  const etags = ifMatch.split(',').map(etag => etag.trim());
  if (!etags.includes('*') && !etags.includes(etagOf(row))) {
    throw changedMeanwhile();
  }
}

/** For writes that found another version than the one they had read. */
export function changedMeanwhile(): PreconditionFailedError {
  return new PreconditionFailedError(
    'Someone else changed this meanwhile; read it again and repeat your change.',
  );
}
