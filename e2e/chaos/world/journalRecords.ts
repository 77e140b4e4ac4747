import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { recordNumber } from '../operator/usageRecord.ts';

/** The numbers of the records in a journal that no process has open. */
export type JournalRecords = {
  /** Not known to be committed: lost if the journal is. */
  waiting: Set<number>;
  /** Kept in case the Manager loses its past (E6). */
  acknowledged: Set<number>;
};

const PREFIX = 'usage/';

export function readJournalRecords(volume: string): JournalRecords {
  const records = {
    waiting: new Set<number>(),
    acknowledged: new Set<number>(),
  };
  const file = path.join(volume, 'journal.db');
  if (!existsSync(file)) {
    return records;
  }
  const db = new DatabaseSync(file);
  try {
    const rows = db
      .prepare(
        `SELECT key, acked_age_ms IS NULL AS waiting FROM events WHERE kind = 'record' AND key LIKE '${PREFIX}%'`,
      )
      .all();
    for (const row of rows) {
      const number = recordNumber(String(row.key).slice(PREFIX.length));
      if (number !== undefined) {
        (row.waiting ? records.waiting : records.acknowledged).add(number);
      }
    }
  } finally {
    db.close();
  }
  return records;
}
