/**
 * What still works when the disk is full (E10).
 *
 * A full disk refuses deletions too: they go through the write-ahead log, which has to grow. So a file beside the journal holds some room,
 * and is given up when a write fails for want of it; the log can then be written back and begun anew. A write that fails all the same
 * frees a part of what lifecycle entries take. Only then does it fail for good, as a {@link JournalFullError}.
 *
 * Where there is enough room again, the file is made anew.
 */
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** More than the log grows to before it is written back: 1,000 pages of 4 KiB. */
export const DEFAULT_SPARE_BYTES = 6 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const SQLITE_FULL = 13;

/** The disk has no room for this write, and nothing more can be given up for it. */
export class JournalFullError extends Error {
  constructor(cause: unknown) {
    super(
      `The journal's volume is full. Give its claim more room, or remove what else lies on it.`,
      { cause },
    );
    this.name = 'JournalFullError';
  }
}

export class SpareRoom {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #bytes: number;
  /** Frees room within the journal; tells whether there was any. */
  readonly #freeSome: () => boolean;
  #full = false;

  constructor(options: {
    db: DatabaseSync;
    /** Path of the spare file. */
    file: string;
    bytes?: number;
    freeSome: () => boolean;
  }) {
    this.#db = options.db;
    this.#file = options.file;
    this.#bytes = options.bytes ?? DEFAULT_SPARE_BYTES;
    this.#freeSome = options.freeSome;
  }

  /** The last write failed for want of room. */
  get full(): boolean {
    return this.#full;
  }

  /** Runs a write, and makes room where it finds none. @throws JournalFullError where there is none to be made. */
  write<T>(body: () => T): T {
    // Within a transaction the whole of it is run again, by whoever began it.
    if (this.#db.isTransaction) {
      return body();
    }
    for (const makeRoom of [this.#giveUpFile, this.#freeSome]) {
      try {
        return this.#succeeded(body());
      } catch (error) {
        if (!isFull(error)) {
          throw error;
        }
        makeRoomQuietly(makeRoom);
      }
    }
    try {
      return this.#succeeded(body());
    } catch (error) {
      if (!isFull(error)) {
        throw error;
      }
      this.#full = true;
      throw new JournalFullError(error);
    }
  }

  /** Makes the file, unless it is there. A disk without room for it is no failure. */
  restore(): void {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (size >= this.#bytes) {
      return;
    }
    try {
      const file = openSync(this.#file, 'w');
      try {
        // Zeros that are written take room; a file that is only made long does not.
        for (let written = 0; written < this.#bytes; written += CHUNK_BYTES) {
          writeSync(file, Buffer.alloc(CHUNK_BYTES));
        }
      } finally {
        closeSync(file);
      }
    } catch {
      // A part of it would take the last room from the log.
      rmSync(this.#file, { force: true });
    }
  }

  #succeeded<T>(result: T): T {
    this.#full = false;
    return result;
  }

  readonly #giveUpFile = (): boolean => {
    rmSync(this.#file, { force: true });
    // Written back, the log begins anew in the room that it has already.
    this.#db.exec('PRAGMA wal_checkpoint(RESTART)');
    return true;
  };
}

/** What can't be freed is told by the write that follows. */
function makeRoomQuietly(makeRoom: () => boolean): void {
  try {
    makeRoom();
  } catch (error) {
    if (!isFull(error)) {
      throw error;
    }
  }
}

function isFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    error.errcode === SQLITE_FULL
  );
}
