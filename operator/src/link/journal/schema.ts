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
  // Retention by the journal's age, room by kind, lifecycle records, and minutes that were counted.
  // Facts since: age_ms, enrolled_token, highest_generation.
  `
  ALTER TABLE desired_states ADD COLUMN confirmed_age_ms INTEGER;
  UPDATE desired_states SET confirmed_age_ms = 0 WHERE confirmed_at IS NOT NULL;
  ALTER TABLE desired_states DROP COLUMN confirmed_at;
  INSERT INTO facts (name, value)
    SELECT 'highest_generation', coalesce(max(generation), 0) FROM desired_states;

  ALTER TABLE events RENAME TO events_of_version_1;
  CREATE TABLE events (
    place INTEGER PRIMARY KEY,  -- orders the rows that are there; may begin anew when none is
    seq INTEGER UNIQUE,         -- NULL: waiting
    key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('state', 'record', 'lifecycle', 'gap', 'mark')),
    body BLOB NOT NULL,            -- the wire's Event, without its sequence
    observed_at_ms INTEGER NOT NULL,  -- by the wall clock, since 1970
    acked_age_ms INTEGER
  ) STRICT;
  INSERT INTO events SELECT place, seq, key, kind, body, unixepoch() * 1000, iif(acked_at IS NULL, NULL, 0)
    FROM events_of_version_1;
  DROP TABLE events_of_version_1;
  CREATE UNIQUE INDEX one_waiting_state_a_key ON events (key)
    WHERE seq IS NULL AND kind = 'state';
  CREATE INDEX waiting_by_place ON events (place, kind) WHERE seq IS NULL;
  CREATE INDEX waiting_lifecycle ON events (key, place)
    WHERE seq IS NULL AND kind = 'lifecycle';

  -- Kept by the triggers below, so that no write can forget it. 100 bytes stand for a row's other columns and its indexes.
  CREATE TABLE event_totals (
    kind TEXT PRIMARY KEY,
    unacked INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO event_totals
    SELECT column1, 0, 0 FROM (VALUES ('state'), ('record'), ('lifecycle'), ('gap'), ('mark'));
  UPDATE event_totals SET
    unacked = (SELECT count(*) FROM events WHERE events.kind = event_totals.kind AND acked_age_ms IS NULL),
    bytes = (SELECT coalesce(sum(length(key) + length(body) + 100), 0) FROM events WHERE events.kind = event_totals.kind);
  CREATE TRIGGER event_came AFTER INSERT ON events BEGIN
    UPDATE event_totals SET unacked = unacked + (NEW.acked_age_ms IS NULL),
      bytes = bytes + length(NEW.key) + length(NEW.body) + 100
      WHERE kind = NEW.kind;
  END;
  CREATE TRIGGER event_changed AFTER UPDATE OF body, acked_age_ms ON events BEGIN
    UPDATE event_totals SET unacked = unacked + (NEW.acked_age_ms IS NULL) - (OLD.acked_age_ms IS NULL),
      bytes = bytes + length(NEW.body) - length(OLD.body)
      WHERE kind = NEW.kind;
  END;
  CREATE TRIGGER event_went AFTER DELETE ON events BEGIN
    UPDATE event_totals SET unacked = unacked - (OLD.acked_age_ms IS NULL),
      bytes = bytes - length(OLD.key) - length(OLD.body) - 100
      WHERE kind = OLD.kind;
  END;

  CREATE TABLE lifecycle_steps (
    subject TEXT PRIMARY KEY,  -- key of the state event that told the step
    key TEXT NOT NULL,         -- of the desired state
    generation INTEGER NOT NULL,
    step TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE closed_hours (
    tenant TEXT NOT NULL,
    hour TEXT NOT NULL,
    minutes TEXT NOT NULL,  -- decimal: bit n is set where minute n is in a record
    closed_age_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, hour)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Brings the tables to a version, by default the newest. @throws Error where a newer release has written the file. */
export function migrate(db: DatabaseSync, to = steps.length): void {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version > steps.length) {
    throw new Error(
      `The journal was written by a newer operator (version ${version}, known are up to ${steps.length}). Run that release, or a newer one.`,
    );
  }
  steps.slice(version, to).forEach((step, index) => {
    db.exec(
      `BEGIN; ${step} PRAGMA user_version = ${version + index + 1}; COMMIT;`,
    );
  });
}
