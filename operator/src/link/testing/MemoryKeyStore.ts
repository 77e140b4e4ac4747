/** Keys in memory, which outlive the operators of one test. It can stop before or after a write, as a process that is killed does. */
import type { OperatorKey } from '../OperatorKey.ts';
import type { KeyStore, StoredKeys } from '../OperatorKeys.ts';

export class MemoryKeyStore implements KeyStore {
  stored: StoredKeys | undefined;
  writes = 0;
  /** Which write fails, from 1, and whether it is written all the same. */
  stop: { at: number; written: boolean } | undefined;

  constructor(stored?: StoredKeys) {
    this.stored = stored;
  }

  async load(): Promise<StoredKeys | undefined> {
    return this.stored;
  }

  async create(present: OperatorKey): Promise<StoredKeys> {
    await this.replace({ present });
    return { present };
  }

  async replace(keys: StoredKeys): Promise<void> {
    this.writes += 1;
    const stops = this.writes === this.stop?.at;
    if (!stops || this.stop?.written) {
      this.stored = keys;
    }
    if (stops) {
      throw new Error('The store stops here.');
    }
  }
}
