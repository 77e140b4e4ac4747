/** Single values that outlive the process. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export type FactName =
  | 'incarnation'
  | 'cluster_id'
  | 'assigned_seq'
  | 'acked_seq'
  | 'highest_epoch'
  | 'highest_generation'
  | 'age_ms'
  | 'enrolled_key'
  | 'enrolled_token';

export class Facts {
  readonly #read: StatementSync;
  readonly #write: StatementSync;

  constructor(db: DatabaseSync) {
    this.#read = db.prepare('SELECT value FROM facts WHERE name = ?');
    this.#write = db.prepare(
      'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
  }

  get(name: FactName): string | undefined {
    const row = this.#read.get(name);
    return row && String(row.value);
  }

  /** 0 where it was never set. */
  getNumber(name: FactName): number {
    return Number(this.get(name) ?? 0);
  }

  set(name: FactName, value: string | number): void {
    this.#write.run(name, String(value));
  }
}
