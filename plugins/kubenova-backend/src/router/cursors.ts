import { InvalidRequestError } from '../errors';

const DEFAULT_LIMIT = 100;

/** A page of a list: at most `limit` items that come after `after` in the list's order. */
export interface Page {
  limit: number;
  /** The sort key of the last item of the page before. */
  after?: string[];
}

/** @throws InvalidRequestError where the cursor is not one that {@link pageOf} made for a list with that many sort keys. */
export function readPage(
  query: { limit?: number; cursor?: string },
  sortKeys: number,
): Page {
  const limit = query.limit ?? DEFAULT_LIMIT;
  return query.cursor === undefined
    ? { limit }
    : { limit, after: readCursor(query.cursor, sortKeys) };
}

/**
 * Cuts a page out of `rows`, which hold one more than `limit` where there is a next page.
 *
 * Cursors are opaque to callers: base64url of the last item's sort key. A key, not an offset, so that what is inserted or deleted
 * meanwhile shifts nothing.
 */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  sortKey: (row: T) => string[],
): { items: T[]; nextCursor?: string } {
  const items = rows.slice(0, limit);
  if (rows.length <= limit) {
    return { items };
  }
  const key = JSON.stringify(sortKey(items[items.length - 1]));
  return { items, nextCursor: Buffer.from(key, 'utf8').toString('base64url') };
}

function readCursor(cursor: string, sortKeys: number): string[] {
  const key = parsed(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (
    !Array.isArray(key) ||
    key.length !== sortKeys ||
    // Postgres takes no NUL in a text.
    !key.every(part => typeof part === 'string' && !part.includes('\0'))
  ) {
    throw new InvalidRequestError(
      'CURSOR_INVALID',
      'The cursor is not one of this list; start again without one.',
    );
  }
  return key;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
