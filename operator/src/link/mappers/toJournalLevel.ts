import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { JournalLevel } from '../journal/JournalSpace.ts';

/** For a Heartbeat. */
export function toJournalLevel(level: JournalLevel) {
  return {
    depth: BigInt(level.depth),
    bytes: BigInt(level.bytes),
    budgetBytes: BigInt(level.budgetBytes),
    ...(level.oldestAtMs !== undefined && {
      oldestAt: timestampFromMs(level.oldestAtMs),
    }),
  };
}
