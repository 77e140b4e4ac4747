import { Knex } from 'knex';
import { raiseCredit } from './operations/raiseCredit';
import { AnswerChunk } from './operations/storeChunks';
import { RecipientKey } from './RecipientKey';
import { CallOutcome } from './types';

/** Parts of an answer that may be stored and not taken. */
export const WINDOW_CHUNKS = 16;

/** Reads the parts of one answer, in their order. */
export class AnswerReader {
  readonly #db: Knex;
  readonly #id: string;
  readonly #key: RecipientKey;
  #next = 0;
  #upToIndex = WINDOW_CHUNKS - 1;

  constructor(options: { db: Knex; id: string; key: RecipientKey }) {
    this.#db = options.db;
    this.#id = options.id;
    this.#key = options.key;
  }

  /** Yields what they say, and returns what became of the call where they tell. */
  async *read(
    chunks: readonly AnswerChunk[],
  ): AsyncGenerator<Uint8Array, CallOutcome | undefined, void> {
    for (const chunk of chunks) {
      if (chunk.error !== undefined) {
        return { outcome: 'failed', message: chunk.error };
      }
      const part = await this.#open(chunk);
      if (!part) {
        return {
          outcome: 'failed',
          message:
            'The answer can not be read: it was not encrypted for this question',
        };
      }
      this.#next += 1;
      if (part.byteLength > 0) {
        yield part;
      }
      if (chunk.last) {
        return { outcome: 'answered' };
      }
      await this.#allowMore();
    }
    return undefined;
  }

  async #open(chunk: AnswerChunk): Promise<Uint8Array | undefined> {
    if (chunk.index !== this.#next) {
      return undefined;
    }
    return this.#key.open(chunk).catch(() => undefined); // whoever wrote it, there is nothing to learn from how it fails
  }

  /** Half a window at a time, so that an answer flows without a write for each part. */
  async #allowMore(): Promise<void> {
    const upToIndex = this.#next + WINDOW_CHUNKS - 1;
    if (upToIndex - this.#upToIndex >= WINDOW_CHUNKS / 2) {
      this.#upToIndex = upToIndex;
      await raiseCredit(this.#db, { id: this.#id, upToIndex });
    }
  }
}
