import type { DatabaseSync } from 'node:sqlite';

/** All of the body's writes or none. Within another transaction it is a part of that one. */
export function transaction<T>(db: DatabaseSync, body: () => T): T {
  if (db.isTransaction) {
    return body();
  }
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = body();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT or a full disk may have ended it already.
    if (db.isTransaction) {
      db.exec('ROLLBACK');
    }
    throw error;
  }
}
