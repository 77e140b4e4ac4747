/**
 * Turns states into lifecycle records: one at each change, and only there.
 *
 * 1. The record is made in the transaction that puts the state, so no crash loses a step or tells it twice.
 * 2. What was told last is kept, by the key of the state: a reconciler that sees the same again, as each does after a restart, adds none.
 * 3. A step of an older generation than the last one is not told: it came late (E3).
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { toLifecycleStep } from '../mappers/toLifecycleStep.ts';
import type { OperatorEvent } from '../types.ts';

export class JournalLifecycle {
  readonly #createUuid: () => string;
  readonly #remember: StatementSync;
  readonly #uidOf: StatementSync;
  readonly #prune: StatementSync;

  constructor(options: { db: DatabaseSync; createUuid: () => string }) {
    const { db } = options;
    this.#createUuid = options.createUuid;
    this.#remember = db.prepare(`
      INSERT INTO lifecycle_steps (subject, key, generation, step) VALUES (?, ?, ?, ?)
      ON CONFLICT (subject) DO UPDATE SET key = excluded.key, generation = excluded.generation, step = excluded.step
      WHERE excluded.generation > generation OR (excluded.generation = generation AND excluded.step <> step)`);
    this.#uidOf = db.prepare('SELECT uid FROM desired_states WHERE key = ?');
    this.#prune = db.prepare(
      'DELETE FROM lifecycle_steps WHERE key NOT IN (SELECT key FROM desired_states)',
    );
  }

  /** The record of the step that a state tells, where it is a new one. Within the caller's transaction. */
  recordOf(state: OperatorEvent): OperatorEvent | undefined {
    const step = toLifecycleStep(state.body);
    if (!step) {
      return undefined;
    }
    const { key, generation } = step;
    const { changes } = this.#remember.run(
      state.key,
      key,
      generation,
      step.step,
    );
    if (!changes) {
      return undefined;
    }
    const uid = step.uid || String(this.#uidOf.get(key)?.uid ?? '');
    return {
      key: `lifecycle/${key}`,
      kind: 'record',
      observedAt: state.observedAt,
      body: {
        case: 'lifecycleRecord',
        value: { ...step, uid, id: this.#createUuid() },
      },
    };
  }

  /** Forgets objects of which nothing is held any more. */
  prune(): void {
    this.#prune.run();
  }
}
