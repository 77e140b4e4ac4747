/** The journal's tables, one step a version. A step that was released is never changed; a newer one is added after it. */
import type { DatabaseSync } from 'node:sqlite';

const steps: readonly string[] = [
  `
  -- incarnation, cluster_id, assigned_seq, acked_seq, highest_epoch, enrolled_key
  CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE desired_states (
    key TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    uid TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    yaml TEXT,         -- NULL: a tombstone
    confirmed_at TEXT  -- a tombstone whose object and children are gone
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
    place INTEGER PRIMARY KEY,  -- orders the rows that are there; may begin anew when none is
    seq INTEGER UNIQUE,         -- NULL: waiting
    key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('state', 'record', 'mark')),
    body BLOB NOT NULL,  -- the wire's Event, without its sequence
    acked_at TEXT
  ) STRICT;
  CREATE UNIQUE INDEX one_waiting_state_a_key ON events (key)
    WHERE seq IS NULL AND kind = 'state';
  CREATE INDEX waiting_by_place ON events (place) WHERE seq IS NULL;

  CREATE TABLE samples (
    tenant TEXT NOT NULL,
    minute TEXT NOT NULL,
    meters TEXT NOT NULL,  -- JSON: decimal strings by meter
    PRIMARY KEY (tenant, minute)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** @throws Error where a newer release has written the file. */
export function migrate(db: DatabaseSync): void {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version > steps.length) {
    throw new Error(
      `The journal was written by a newer operator (version ${version}, known are up to ${steps.length}). Run that release, or a newer one.`,
    );
  }
  steps.slice(version).forEach((step, index) => {
    db.exec(
      `BEGIN; ${step} PRAGMA user_version = ${version + index + 1}; COMMIT;`,
    );
  });
}
