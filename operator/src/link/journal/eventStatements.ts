import type { DatabaseSync } from 'node:sqlite';

/** The SQL of {@link JournalEvents}, which knows when each may run. */
export function prepareEventStatements(db: DatabaseSync) {
  return {
    putState: db.prepare(`
      INSERT INTO events (key, kind, body, observed_at_ms) VALUES (?, 'state', ?, ?)
      ON CONFLICT (key) WHERE seq IS NULL AND kind = 'state' DO UPDATE SET
        body = excluded.body, observed_at_ms = excluded.observed_at_ms`),
    append: db.prepare(
      'INSERT INTO events (key, kind, body, observed_at_ms) VALUES (?, ?, ?, ?)',
    ),
    // Adding the highest place to each keeps their order, and puts all of them behind every other row.
    moveWaitingStatesBehindAll: db.prepare(`
      UPDATE events SET place = place + (SELECT max(place) FROM events)
      WHERE seq IS NULL AND kind = 'state'`),
    // The index on seq serves this; records that are only kept lie below the sequence asked for.
    sent: db.prepare(
      'SELECT seq, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
    ),
    waiting: db.prepare(
      'SELECT place, body FROM events WHERE seq IS NULL ORDER BY place LIMIT ?',
    ),
    waitingButLifecycle: db.prepare(`
      SELECT place, body FROM events WHERE seq IS NULL AND kind <> 'lifecycle'
      ORDER BY place LIMIT ?`),
    assign: db.prepare('UPDATE events SET seq = ? WHERE place = ?'),
    forget: db.prepare(
      `DELETE FROM events WHERE seq <= ? AND kind IN ('state', 'mark')`,
    ),
    keepRecords: db.prepare(
      'UPDATE events SET acked_age_ms = ? WHERE seq <= ? AND acked_age_ms IS NULL',
    ),
    pruneRecords: db.prepare('DELETE FROM events WHERE acked_age_ms < ?'),
    dropMarks: db.prepare(`DELETE FROM events WHERE seq > ? AND kind = 'mark'`),
    dropSuperseded: db.prepare(`
      DELETE FROM events WHERE seq > ? AND kind = 'state' AND EXISTS (
        SELECT 1 FROM events AS newer
        WHERE newer.key = events.key AND newer.kind = 'state' AND newer.place > events.place)`),
    unassign: db.prepare(
      'UPDATE events SET seq = NULL, acked_age_ms = NULL WHERE seq > ?',
    ),
  };
}
