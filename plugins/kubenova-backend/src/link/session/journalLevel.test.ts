import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { HeartbeatSchema } from '@kubenova/proto';
import { readJournalLevel } from './journalLevel';

describe('readJournalLevel', () => {
  it('reads what was told, and nothing where nothing was', () => {
    const oldestAt = new Date('2026-11-24T11:00:00Z');
    const journal = {
      depth: 7n,
      oldestAt: timestampFromDate(oldestAt),
      bytes: 4_096n,
      budgetBytes: 1_048_576n,
    };
    const level = readJournalLevel(create(HeartbeatSchema, { journal }));
    expect(level).toMatchObject({
      depth: 7,
      bytes: 4_096,
      budgetBytes: 1_048_576,
    });
    expect(level?.oldestAt?.toJSDate()).toEqual(oldestAt);
    expect(readJournalLevel(create(HeartbeatSchema, {}))).toBeUndefined();
  });

  it('keeps numbers and dates to what the database takes', () => {
    const most = 2n ** 64n - 1n;
    const journal = {
      depth: most,
      oldestAt: { seconds: 2n ** 62n, nanos: -5 },
      bytes: most,
      budgetBytes: most,
    };
    expect(readJournalLevel(create(HeartbeatSchema, { journal }))).toEqual({
      depth: Number.MAX_SAFE_INTEGER,
      oldestAt: undefined,
      bytes: Number.MAX_SAFE_INTEGER,
      budgetBytes: Number.MAX_SAFE_INTEGER,
    });
  });
});
