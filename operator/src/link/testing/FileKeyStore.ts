/** Keys in a file, for processes without a cluster. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { OperatorKey } from '../OperatorKey.ts';
import type { KeyStore, StoredKeys } from '../OperatorKeys.ts';

type Pems = { present: string; next?: string };

export class FileKeyStore implements KeyStore {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<StoredKeys | undefined> {
    if (!existsSync(this.#file)) {
      return undefined;
    }
    const { present, next }: Pems = JSON.parse(
      readFileSync(this.#file, 'utf8'),
    );
    return {
      present: OperatorKey.fromPem(present),
      ...(next && { next: OperatorKey.fromPem(next) }),
    };
  }

  async create(present: OperatorKey): Promise<StoredKeys> {
    await this.replace({ present });
    return { present };
  }

  async replace({ present, next }: StoredKeys): Promise<void> {
    const pems: Pems = { present: present.toPem(), next: next?.toPem() };
    writeFileSync(`${this.#file}.new`, JSON.stringify(pems), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
