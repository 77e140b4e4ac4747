import type { LoggedTransaction } from './statementLog.ts';

/** The link row's guard: only the sequence before is replaced, and a replay does not have it any more. */
const GUARD =
  /\b(links\.)?acked_seq = (?:[a-z]+\.)?(?:from_seq|'\d+')(?=\s|\)|$)/g;

/** A projection takes no state that is older than the one that is there; a replay has no newer ones to tell. */
const NEWER_ONLY = /\bknown\.status_position < told\.position\b/;

/** Replays meet on the same rows, which ingests never do: they wait for one another rather than fail. */
const LOCK_TIMEOUT = /\block_timeout = '\w+'/;

/** What the guard is followed by: a replay would take acknowledged sequences back, for which the Manager ends sessions. */
const ADVANCE = /\bSET\s+acked_seq = (?:[a-z]+\.to_seq|'\d+')/;

/**
 * The ingests among the transactions, made so that they do the same work however often they run, on the database of a portal that is
 * running: the guard on the acknowledged sequence always holds, the row is written with the sequence that it has, and states are written
 * although they are not new.
 */
export function replayable(
  transactions: readonly LoggedTransaction[],
): LoggedTransaction[] {
  return transactions
    .filter(({ statements }) => statements.some(isIngest))
    .map(({ statements }) => ({
      statements: statements.map(statement =>
        isIngest(statement)
          ? withoutGuard(statement)
          : statement
              .replace(NEWER_ONLY, 'true')
              .replace(LOCK_TIMEOUT, 'lock_timeout = 0'),
      ),
    }));
}

function isIngest(statement: string): boolean {
  return /\bUPDATE links SET\s+acked_seq\b/.test(statement);
}

function withoutGuard(statement: string): string {
  const [head, ...rest] = statement
    .replace(ADVANCE, 'SET acked_seq = links.acked_seq')
    .split(/\bWHERE\b/);
  return [
    head,
    ...rest.map(part =>
      part.replace(GUARD, 'links.acked_seq = links.acked_seq'),
    ),
  ].join('WHERE');
}
