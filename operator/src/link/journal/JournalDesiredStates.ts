/**
 * Desired states as the operator has accepted them.
 *
 * 1. A state is durable before `store` returns; only then may it be accepted on the wire (D4).
 * 2. A key's generation only rises: what is not above the held one is dropped, tombstones included (D8).
 * 3. Nothing but a tombstone takes a key away (D6). A tombstone stays on the reconcilers' list until it is confirmed.
 * 4. A confirmed tombstone is kept for 30 days, so that a Manager that lost its past is seen by the digest (D9).
 * 5. Listeners hear of a key after its state is durable, and never from within a transaction.
 */
import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { DesiredState, DesiredStates, StoredOutcome } from '../types.ts';

const TOMBSTONES_KEPT_DAYS = 30;

export type DigestLine = {
  key: string;
  generation: number;
  uid: string;
  /** Empty for a tombstone. */
  sha256: Uint8Array;
  deleted: boolean;
};

export class JournalDesiredStates implements DesiredStates {
  readonly #clock: Clock;
  readonly #listeners = new Set<(key: string) => void>();
  readonly #upsert: StatementSync;
  readonly #held: StatementSync;
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;
  readonly #confirm: StatementSync;
  readonly #prune: StatementSync;
  readonly #highest: StatementSync;

  constructor(options: { db: DatabaseSync; clock: Clock }) {
    const { db, clock } = options;
    this.#clock = clock;
    this.#upsert = db.prepare(`
      INSERT INTO desired_states (key, generation, uid, sha256, yaml)
      VALUES (:key, :generation, :uid, :sha256, :yaml)
      ON CONFLICT (key) DO UPDATE SET
        generation = excluded.generation, uid = excluded.uid, sha256 = excluded.sha256,
        yaml = excluded.yaml, confirmed_at = NULL
      WHERE excluded.generation > desired_states.generation`);
    this.#held = db.prepare(
      'SELECT generation FROM desired_states WHERE key = ?',
    );
    const open = 'confirmed_at IS NULL';
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
      `UPDATE desired_states SET confirmed_at = ? WHERE key = ? AND generation = ? AND yaml IS NULL AND ${open}`,
    );
    this.#highest = db.prepare(
      'SELECT max(generation) AS generation FROM desired_states',
    );
    this.#prune = db.prepare(
      'DELETE FROM desired_states WHERE confirmed_at < ?',
    );
  }

  /** Stores a state for good, unless the held one is as new. */
  store(state: DesiredState): StoredOutcome {
    const { changes } = this.#upsert.run({
      key: state.key,
      generation: state.generation,
      uid: state.uid,
      sha256: hashOf(state.yaml),
      yaml: state.yaml ?? null,
    });
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

  get(key: string): DesiredState | undefined {
    const row = this.#get.get(key);
    return row && toState(row);
  }

  list(): DesiredState[] {
    return this.#list.all().map(toState);
  }

  confirmDeleted(key: string, generation: number): void {
    this.#confirm.run(this.#clock.now().toISO(), key, generation);
  }

  /** The highest generation that is held, of any key; 0 where none is. */
  get highestGeneration(): number {
    return Number(this.#highest.get()?.generation ?? 0);
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
    this.#prune.run(
      this.#clock.now().minus({ days: TOMBSTONES_KEPT_DAYS }).toISO(),
    );
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
