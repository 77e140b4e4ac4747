import path from 'node:path';
import { VersionedFiles, type Version } from './VersionedFiles.ts';

/** An object as a datacenter has it, or the mark that is left where one was deleted. */
export type DatacenterObject = {
  uid: string;
  generation: number;
  /** Absent where the object is gone. */
  yaml?: string;
  /** Rises whenever the object's state changes by itself. */
  revision: number;
  /** The operator process that wrote this. */
  writer: string;
};

/**
 * A datacenter made of files: what the API server is to an operator. It fences by generation, as annotations of objects do, and keeps
 * every version of every object.
 */
export class FileDatacenter {
  readonly folder: string;
  readonly #objects: VersionedFiles<DatacenterObject>;

  constructor(folder: string) {
    this.folder = folder;
    this.#objects = new VersionedFiles(path.join(folder, 'objects'));
  }

  /** Every object that is there. */
  list(): Array<{ key: string; object: DatacenterObject }> {
    return this.#objects.names().flatMap(key => {
      const object = this.get(key);
      return object ? [{ key, object }] : [];
    });
  }

  get(key: string): DatacenterObject | undefined {
    const object = this.#objects.read(key)?.value;
    return object?.yaml === undefined ? undefined : object;
  }

  /** Every version of a key that ever was, with the marks of deletions. */
  history(): Array<{ key: string; versions: DatacenterObject[] }> {
    return this.#objects.names().map(key => ({
      key,
      versions: this.#objects.history(key).map(({ value }) => value),
    }));
  }

  /** Makes an object what it is to be, unless it is of a newer generation already, or the name is taken by another object. */
  apply(
    key: string,
    wanted: { uid: string; generation: number; yaml: string; writer: string },
  ): 'applied' | 'newer' | 'taken' {
    return this.#change(key, present => {
      if (present?.yaml === undefined) {
        return { next: { ...wanted, revision: 0 }, result: 'applied' };
      }
      if (present.generation >= wanted.generation) {
        const same = present.generation === wanted.generation;
        return { result: same ? 'applied' : 'newer' };
      }
      if (present.uid !== wanted.uid) {
        return { result: 'taken' };
      }
      const { revision } = present;
      return { next: { ...wanted, revision }, result: 'applied' };
    });
  }

  /** Deletes an object of that uid; what is left says which generation wanted it gone. */
  remove(
    key: string,
    {
      uid,
      generation,
      writer,
    }: { uid: string; generation: number; writer: string },
  ): void {
    this.#change(key, present => ({
      next:
        present?.yaml !== undefined && present.uid === uid
          ? { uid, generation, writer, revision: present.revision }
          : undefined,
      result: undefined,
    }));
  }

  /** The object's state changes by itself. */
  touch(key: string, writer: string): void {
    this.#change(key, present => ({
      next:
        present?.yaml !== undefined
          ? { ...present, revision: present.revision + 1, writer }
          : undefined,
      result: undefined,
    }));
  }

  #change<T>(
    key: string,
    decide: (present: DatacenterObject | undefined) => {
      next?: DatacenterObject;
      result: T;
    },
  ): T {
    for (;;) {
      const present: Version<DatacenterObject> | undefined =
        this.#objects.read(key);
      const { next, result } = decide(present?.value);
      if (!next || this.#objects.write(key, next, present?.version ?? 0)) {
        return result;
      }
    }
  }
}
