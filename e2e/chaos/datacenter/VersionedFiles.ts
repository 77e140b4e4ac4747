import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

export type Version<T> = { version: number; value: T };

let temporary = 0;

/**
 * Objects with versions in files, shared by processes that may be killed or stopped at any instruction.
 *
 * 1. A version is a file of its own that appears complete or not at all, and only one writer can make it: what a write is based on
 *    is what is replaced, as with a resourceVersion.
 * 2. Nothing is overwritten, so what is there at the end tells everything that ever was.
 */
export class VersionedFiles<T> {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  names(): string[] {
    return readdirSync(this.#folder).map(decodeURIComponent);
  }

  /** The newest version, or undefined before the first. */
  read(name: string): Version<T> | undefined {
    const version = this.#versions(name).at(-1);
    return version === undefined ? undefined : this.#load(name, version);
  }

  /** Every version, the oldest first. */
  history(name: string): Array<Version<T>> {
    return this.#versions(name).map(version => this.#load(name, version));
  }

  /** Writes what follows that version (0 for none); false where somebody else was faster. */
  write(name: string, value: T, version: number): boolean {
    const folder = this.#folderOf(name);
    mkdirSync(folder, { recursive: true });
    temporary += 1;
    const draft = path.join(folder, `draft-${process.pid}-${temporary}`);
    writeFileSync(draft, JSON.stringify(value));
    try {
      linkSync(draft, path.join(folder, `${version + 1}.json`));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
        return false;
      }
      throw error;
    } finally {
      rmSync(draft);
    }
  }

  #folderOf(name: string): string {
    return path.join(this.#folder, encodeURIComponent(name));
  }

  #versions(name: string): number[] {
    let files: string[];
    try {
      files = readdirSync(this.#folderOf(name));
    } catch {
      return [];
    }
    return files
      .filter(file => file.endsWith('.json'))
      .map(file => Number.parseInt(file, 10))
      .sort((a, b) => a - b);
  }

  #load(name: string, version: number): Version<T> {
    const file = path.join(this.#folderOf(name), `${version}.json`);
    return { version, value: JSON.parse(readFileSync(file, 'utf8')) };
  }
}
