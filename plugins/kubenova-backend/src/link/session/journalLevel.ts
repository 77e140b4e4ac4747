import { timestampDate } from '@bufbuild/protobuf/wkt';
import { Heartbeat } from '@kubenova/proto';
import { DateTime } from 'luxon';
import { JournalFill } from '../lease/operations/renewSessions';

/**
 * What a Heartbeat tells of the journal, in numbers that the database takes: one statement writes those of all sessions, and none may
 * make it fail for the others.
 */
export function readJournalLevel({
  journal,
}: Heartbeat): JournalFill | undefined {
  if (!journal) {
    return undefined;
  }
  const oldestAt = journal.oldestAt
    ? DateTime.fromJSDate(timestampDate(journal.oldestAt), { zone: 'utc' })
    : undefined;
  const isDate =
    oldestAt?.isValid && oldestAt.year >= 1970 && oldestAt.year <= 9999;
  return {
    depth: toSafeNumber(journal.depth),
    oldestAt: isDate ? oldestAt : undefined,
    bytes: toSafeNumber(journal.bytes),
    budgetBytes: toSafeNumber(journal.budgetBytes),
  };
}

function toSafeNumber(value: bigint): number {
  return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
}
