/**
 * How much room events may take, and who gives way (E10).
 *
 * 1. A quarter of the budget is reserved for everything but lifecycle entries: usage goes on when these have used up their room.
 * 2. Where lifecycle entries need more than their room, acknowledged ones go first: the Manager has them, and they are only kept in case it
 *    loses its past. Then the oldest that wait become one gap record, which takes the place of the first of them and adds up while
 *    it waits: nothing is dropped in silence.
 * 3. Of one key at most 100 entries wait, so that an object that flaps can't use up the room of the others.
 * 4. What has a sequence is never touched (E1). States are bounded by the objects there are, usage is never given up.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, type GapRecord } from '@kubenova/proto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transaction } from './transaction.ts';

export const DEFAULT_BUDGET_BYTES = 256 * 1024 * 1024;
const RESERVED_PART = 1 / 4;
const MOST_WAITING_A_KEY = 100;
const ROWS_A_ROUND = 64;
const GAP_KEY = 'gap/lifecycle';
/** Entries are given up one by one as others come; the room counts as full until a good part is free again. */
const FREE_AGAIN_PART = 0.95;

export type JournalLevel = {
  /** Events that are not acknowledged. */
  depth: number;
  /** When the next one to be acknowledged was seen, in milliseconds since 1970; absent where there is none. */
  oldestAtMs?: number;
  /** What all events take, acknowledged records included. */
  bytes: number;
  budgetBytes: number;
  /** The part of its room that the fullest kind of events uses, from 0. */
  fill: number;
  /** Entries were given up for want of room, and there is not much more of it by now. */
  givesUp: boolean;
};

/** Entries that are given up: how many, and when the first and the last of them were seen, in milliseconds since 1970. */
export type Loss = { dropped: number; sinceMs: number; untilMs: number };

type Entry = { place: number; bytes: number; atMs: number };

export class JournalSpace {
  readonly budgetBytes: number;
  readonly #db: DatabaseSync;
  readonly #sql: ReturnType<typeof prepareSpaceStatements>;
  #givesUp = false;

  constructor(options: { db: DatabaseSync; budgetBytes?: number }) {
    this.budgetBytes = options.budgetBytes ?? DEFAULT_BUDGET_BYTES;
    this.#db = options.db;
    this.#sql = prepareSpaceStatements(options.db);
  }

  level(): JournalLevel {
    const { depth, bytes, room, lifecycle } = this.#totals();
    const oldest = this.#sql.oldest.get()!.at;
    const fill = Math.max(bytes / this.budgetBytes, lifecycle / room);
    if (fill < FREE_AGAIN_PART) {
      this.#givesUp = false;
    }
    return {
      depth,
      ...(oldest !== null && { oldestAtMs: Number(oldest) }),
      bytes,
      budgetBytes: this.budgetBytes,
      fill,
      givesUp: this.#givesUp,
    };
  }

  /** Keeps to the limit of a key. Within the caller's transaction. */
  limitKey(key: string): void {
    const excess = this.#sql.ofKey.all(key, MOST_WAITING_A_KEY).map(toEntry);
    this.#giveUp(excess);
  }

  /** Keeps to the budget. Within the caller's transaction. */
  limit(): void {
    const { room, lifecycle } = this.#totals();
    this.#free(lifecycle - room);
  }

  /** Frees a part of what lifecycle entries take: the disk has no room for what they may. Tells whether there was any. */
  freeSome(): boolean {
    return transaction(this.#db, () => {
      const before = this.#totals().lifecycle;
      this.#free(Math.ceil(before / 10));
      return this.#totals().lifecycle < before;
    });
  }

  /** Counts entries that could never be written. */
  countLoss(loss: Loss): void {
    const place = Number(this.#sql.nextPlace.get()!.place);
    this.#addToGap(place, loss);
  }

  #free(excessBytes: number): void {
    let excess = excessBytes;
    for (const rows of [this.#sql.acked, this.#sql.waiting]) {
      while (excess > 0) {
        const entries: Entry[] = [];
        for (const row of rows.all(ROWS_A_ROUND)) {
          if (excess > 0) {
            entries.push(toEntry(row));
            excess -= Number(row.bytes);
          }
        }
        if (!entries.length) {
          break;
        }
        if (rows === this.#sql.waiting) {
          this.#givesUp = true;
          this.#giveUp(entries);
        } else {
          this.#remove(entries);
        }
      }
    }
  }

  #giveUp(entries: readonly Entry[]): void {
    if (entries.length) {
      this.#remove(entries);
      const times = entries.map(({ atMs }) => atMs);
      this.#addToGap(entries[0].place, {
        dropped: entries.length,
        sinceMs: Math.min(...times),
        untilMs: Math.max(...times),
      });
    }
  }

  #remove(entries: readonly Entry[]): void {
    entries.forEach(({ place }) => this.#sql.remove.run(place));
  }

  #addToGap(place: number, loss: Loss): void {
    const row = this.#sql.waitingGap.get(GAP_KEY);
    if (!row) {
      this.#sql.putGap.run(place, GAP_KEY, gapBody(loss), loss.untilMs);
      return;
    }
    const { body } = fromBinary(EventSchema, row.body as Uint8Array);
    const gap = body.value as GapRecord;
    const sum = {
      dropped: Number(gap.dropped) + loss.dropped,
      sinceMs: Math.min(timestampMs(gap.since!), loss.sinceMs),
      untilMs: Math.max(timestampMs(gap.until!), loss.untilMs),
    };
    this.#sql.growGap.run(gapBody(sum), sum.untilMs, row.place);
  }

  #totals() {
    let depth = 0;
    let bytes = 0;
    let lifecycle = 0;
    for (const row of this.#sql.totals.all()) {
      depth += Number(row.unacked);
      bytes += Number(row.bytes);
      if (row.kind === 'lifecycle') {
        lifecycle = Number(row.bytes);
      }
    }
    const others = bytes - lifecycle;
    const room = Math.max(
      1,
      this.budgetBytes - Math.max(others, this.budgetBytes * RESERVED_PART),
    );
    return { depth, bytes, lifecycle, room };
  }
}

function prepareSpaceStatements(
  db: DatabaseSync,
): Record<
  | 'totals'
  | 'oldest'
  | 'nextPlace'
  | 'ofKey'
  | 'acked'
  | 'waiting'
  | 'remove'
  | 'waitingGap'
  | 'putGap'
  | 'growGap',
  StatementSync
> {
  const entry = `place, length(key) + length(body) + 100 AS bytes, observed_at_ms AS at`;
  return {
    totals: db.prepare('SELECT kind, unacked, bytes FROM event_totals'),
    oldest: db.prepare(`
      SELECT coalesce(
        (SELECT observed_at_ms FROM events WHERE seq > (
          SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'acked_seq') ORDER BY seq LIMIT 1),
        (SELECT observed_at_ms FROM events WHERE seq IS NULL ORDER BY place LIMIT 1)) AS at`),
    nextPlace: db.prepare(
      'SELECT coalesce(max(place), 0) + 1 AS place FROM events',
    ),
    // All but the newest, oldest first.
    ofKey: db.prepare(`
      SELECT ${entry} FROM events WHERE place IN (
        SELECT place FROM events WHERE seq IS NULL AND kind = 'lifecycle' AND key = ?
        ORDER BY place DESC LIMIT -1 OFFSET ?)
      ORDER BY place`),
    acked: db.prepare(`
      SELECT ${entry} FROM events WHERE acked_age_ms IS NOT NULL AND kind = 'lifecycle'
      ORDER BY seq LIMIT ?`),
    waiting: db.prepare(`
      SELECT ${entry} FROM events WHERE seq IS NULL AND kind = 'lifecycle'
      ORDER BY place LIMIT ?`),
    remove: db.prepare('DELETE FROM events WHERE place = ?'),
    waitingGap: db.prepare(
      "SELECT place, body FROM events WHERE seq IS NULL AND kind = 'gap' AND key = ?",
    ),
    putGap: db.prepare(
      `INSERT INTO events (place, key, kind, body, observed_at_ms) VALUES (?, ?, 'gap', ?, ?)`,
    ),
    growGap: db.prepare(
      'UPDATE events SET body = ?, observed_at_ms = ? WHERE place = ?',
    ),
  };
}

function toEntry(row: Record<string, unknown>): Entry {
  return {
    place: Number(row.place),
    bytes: Number(row.bytes),
    atMs: Number(row.at),
  };
}

function gapBody(loss: Loss): Uint8Array {
  return toBinary(
    EventSchema,
    create(EventSchema, {
      key: GAP_KEY,
      observedAt: timestampFromMs(loss.untilMs),
      body: {
        case: 'gapRecord',
        value: {
          dropped: BigInt(loss.dropped),
          since: timestampFromMs(loss.sinceMs),
          until: timestampFromMs(loss.untilMs),
          kind: 'lifecycle',
        },
      },
    }),
  );
}
