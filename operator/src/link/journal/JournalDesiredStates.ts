/**
 * Desired states as the operator has accepted them.
 *
 * 1. A state is durable before `store` returns; only then may it be accepted on the wire (D4).
 * 2. A key's generation only rises: what is not above the held one is dropped, tombstones included (D8).
 * 3. Nothing but a tombstone takes a key away (D6). A tombstone stays on the reconcilers' list until it is confirmed.
 * 4. A confirmed tombstone is kept for 30 days of the journal's age, so that a Manager that lost its past is seen by the digest (D9).
 * 5. Listeners hear of a key after its state is durable, and never from within a transaction.
 * 6. The highest generation that was ever received only rises, whatever became of it: a Manager that lost its past must go above it, or
 *    an old outcome could be taken for one of a new generation (D9).
 */
import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { DesiredState, DesiredStates, StoredOutcome } from '../types.ts';
import type { Facts } from './Facts.ts';
import type { JournalAge } from './JournalAge.ts';
import type { SpareRoom } from './SpareRoom.ts';
import { transaction } from './transaction.ts';

const TOMBSTONES_KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

export type DigestLine = {
  key: string;
  generation: number;
  uid: string;
  /** Empty for a tombstone. */
  sha256: Uint8Array;
  deleted: boolean;
};

export class JournalDesiredStates implements DesiredStates {
  readonly #db: DatabaseSync;
  readonly #facts: Facts;
  readonly #age: JournalAge;
  readonly #spare: SpareRoom;
  readonly #listeners = new Set<(key: string) => void>();
  readonly #upsert: StatementSync;
  readonly #held: StatementSync;
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;
  readonly #confirm: StatementSync;
  readonly #prune: StatementSync;
  readonly #accepted: StatementSync;
  readonly #deleted: StatementSync;

  constructor(options: {
    db: DatabaseSync;
    facts: Facts;
    age: JournalAge;
    spare: SpareRoom;
  }) {
    const { db } = options;
    this.#db = db;
    this.#facts = options.facts;
    this.#age = options.age;
    this.#spare = options.spare;
    this.#upsert = db.prepare(`
      INSERT INTO desired_states (key, generation, uid, sha256, yaml)
      VALUES (:key, :generation, :uid, :sha256, :yaml)
      ON CONFLICT (key) DO UPDATE SET
        generation = excluded.generation, uid = excluded.uid, sha256 = excluded.sha256,
        yaml = excluded.yaml, confirmed_age_ms = NULL
      WHERE excluded.generation > desired_states.generation`);
    this.#held = db.prepare(
      'SELECT generation FROM desired_states WHERE key = ?',
    );
    const open = 'confirmed_age_ms IS NULL';
    this.#get = db.prepare(
      `SELECT key, generation, uid, yaml FROM desired_states WHERE key = ? AND ${open}`,
    );
    this.#list = db.prepare(
      `SELECT key, generation, uid, yaml FROM desired_states WHERE ${open} ORDER BY key`,
    );
    this.#all = db.prepare(
      'SELECT key, generation, uid, sha256, yaml IS NULL AS deleted FROM desired_states ORDER BY key',
    );
    this.#confirm = db.prepare(
      `UPDATE desired_states SET confirmed_age_ms = ? WHERE key = ? AND generation = ? AND yaml IS NULL AND ${open}`,
    );
    this.#prune = db.prepare(
      'DELETE FROM desired_states WHERE confirmed_age_ms < ?',
    );
    this.#accepted = db.prepare(
      'SELECT key, generation, uid, sha256, yaml FROM desired_states WHERE key = ?',
    );
    this.#deleted = db.prepare(
      `SELECT key, generation, uid, NULL AS yaml FROM desired_states WHERE NOT (${open}) ORDER BY key`,
    );
  }

  /** Stores a state for good, unless the held one is as new. @throws JournalFullError */
  store(state: DesiredState): StoredOutcome {
    const { changes } = this.#spare.write(() =>
      transaction(this.#db, () => {
        this.#raiseHighest(state.generation);
        return this.#upsert.run({
          key: state.key,
          generation: state.generation,
          uid: state.uid,
          sha256: hashOf(state.yaml),
          yaml: state.yaml ?? null,
        });
      }),
    );
    if (!changes) {
      const held = this.#held.get(state.key)?.generation;
      return {
        stored: false,
        reason: `generation ${state.generation} is not above ${held}, which is held`,
      };
    }
    this.#listeners.forEach(listener => listener(state.key));
    return { stored: true };
  }

  /** Takes note of a generation that is not stored, because the guard refused it. */
  refused(generation: number): void {
    this.#spare.write(() => this.#raiseHighest(generation));
  }

  get(key: string): DesiredState | undefined {
    const row = this.#get.get(key);
    return row && toState(row);
  }

  list(): DesiredState[] {
    return this.#list.all().map(toState);
  }

  confirmDeleted(key: string, generation: number): void {
    this.#spare.write(() => this.#confirm.run(this.#age.ms, key, generation));
  }

  /** The highest generation that was ever received, of any key; 0 before the first. */
  get highestGeneration(): number {
    return this.#facts.getNumber('highest_generation');
  }

  /** What was accepted of a key, a confirmed tombstone too, with the hash of its bytes. */
  accepted(key: string): (DesiredState & { sha256: Uint8Array }) | undefined {
    const row = this.#accepted.get(key);
    return row && { ...toState(row), sha256: row.sha256 as Uint8Array };
  }

  /** Tombstones that are confirmed and not forgotten yet. */
  deleted(): DesiredState[] {
    return this.#deleted.all().map(toState);
  }

  onChange(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every key that is held, tombstones included (D10). */
  digest(): DigestLine[] {
    return this.#all.all().map(row => ({
      key: String(row.key),
      generation: Number(row.generation),
      uid: String(row.uid),
      sha256: row.sha256 as Uint8Array,
      deleted: Boolean(row.deleted),
    }));
  }

  /** Forgets tombstones that were confirmed long ago. */
  prune(): void {
    this.#prune.run(this.#age.ms - TOMBSTONES_KEPT_MS);
  }

  #raiseHighest(generation: number): void {
    if (generation > this.highestGeneration) {
      this.#facts.set('highest_generation', generation);
    }
  }
}

function hashOf(yaml: string | undefined): Uint8Array {
  return yaml === undefined
    ? new Uint8Array()
    : createHash('sha256').update(yaml, 'utf8').digest();
}

function toState(row: Record<string, SQLOutputValue>): DesiredState {
  return {
    key: String(row.key),
    generation: Number(row.generation),
    uid: String(row.uid),
    ...(row.yaml !== null && { yaml: String(row.yaml) }),
  };
}
