/**
 * Samples of usage, minute by minute, until their hour is closed (E8).
 *
 * 1. A minute counts once: a second sample of it changes nothing, whether the first one waits here or is in a record already. A clock that
 *    is set back by an hour so counts nothing twice.
 * 2. An hour's samples and its record change places in one transaction, so no crash counts an hour twice or loses it.
 * 3. A sample that comes after its hour was closed makes a record of its own: disjoint minutes add up at the Manager. A clock that was an
 *    hour ahead for a while so loses nothing.
 * 4. On a full disk hours stay open until there is room.
 */
import { Decimal } from 'decimal.js';
import { DateTime } from 'luxon';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  Events,
  OperatorEvent,
  SampledHour,
  Samples,
  UsageSample,
} from '../types.ts';
import type { JournalAge } from './JournalAge.ts';
import { JournalFullError, type SpareRoom } from './SpareRoom.ts';
import { transaction } from './transaction.ts';

/** Which minutes were counted is kept for as long as a clock may be wrong by. */
const CLOSED_HOURS_KEPT_MS = 72 * 60 * 60 * 1_000;
const MINUTE = "yyyy-MM-dd'T'HH:mm";
const HOUR = "yyyy-MM-dd'T'HH";

export class JournalSamples implements Samples {
  readonly #db: DatabaseSync;
  readonly #events: Events;
  readonly #age: JournalAge;
  readonly #spare: SpareRoom;
  readonly #add: StatementSync;
  readonly #ended: StatementSync;
  readonly #ofHour: StatementSync;
  readonly #remove: StatementSync;
  readonly #closed: StatementSync;
  readonly #close: StatementSync;
  readonly #prune: StatementSync;

  constructor(options: {
    db: DatabaseSync;
    events: Events;
    age: JournalAge;
    spare: SpareRoom;
  }) {
    this.#db = options.db;
    this.#events = options.events;
    this.#age = options.age;
    this.#spare = options.spare;
    this.#add = this.#db.prepare(
      'INSERT INTO samples (tenant, minute, meters) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#ended = this.#db.prepare(
      'SELECT DISTINCT tenant, substr(minute, 1, 13) AS hour FROM samples WHERE substr(minute, 1, 13) < ? ORDER BY hour, tenant',
    );
    this.#ofHour = this.#db.prepare(
      'SELECT minute, meters FROM samples WHERE tenant = ? AND substr(minute, 1, 13) = ? ORDER BY minute',
    );
    this.#remove = this.#db.prepare(
      'DELETE FROM samples WHERE tenant = ? AND substr(minute, 1, 13) = ?',
    );
    this.#closed = this.#db.prepare(
      'SELECT minutes FROM closed_hours WHERE tenant = ? AND hour = ?',
    );
    this.#close = this.#db.prepare(`
      INSERT INTO closed_hours (tenant, hour, minutes, closed_age_ms) VALUES (?, ?, ?, ?)
      ON CONFLICT (tenant, hour) DO UPDATE SET minutes = excluded.minutes, closed_age_ms = excluded.closed_age_ms`);
    this.#prune = this.#db.prepare(
      'DELETE FROM closed_hours WHERE closed_age_ms < ?',
    );
  }

  /** @throws JournalFullError */
  add(sample: UsageSample): void {
    const minute = sample.minute.toUTC();
    const { tenant } = sample;
    const counted = this.#closedMinutes(tenant, minute.toFormat(HOUR));
    if (counted & (1n << BigInt(minute.minute))) {
      return;
    }
    this.#spare.write(() =>
      this.#add.run(
        tenant,
        minute.toFormat(MINUTE),
        JSON.stringify(sample.meters),
      ),
    );
  }

  closeHours(
    before: DateTime,
    emit: (hour: SampledHour) => OperatorEvent,
  ): void {
    try {
      for (const row of this.#ended.all(before.toUTC().toFormat(HOUR))) {
        const tenant = String(row.tenant);
        const hour = String(row.hour);
        this.#spare.write(() =>
          transaction(this.#db, () => this.#closeHour(tenant, hour, emit)),
        );
      }
    } catch (error) {
      if (!(error instanceof JournalFullError)) {
        throw error;
      }
    }
  }

  /** Forgets which minutes of long ago were counted. */
  prune(): void {
    this.#prune.run(this.#age.ms - CLOSED_HOURS_KEPT_MS);
  }

  #closeHour(
    tenant: string,
    hour: string,
    emit: (hour: SampledHour) => OperatorEvent,
  ): void {
    const sum = this.#addUp(tenant, hour);
    this.#events.put(emit(sum));
    this.#remove.run(tenant, hour);
    const counted = this.#closedMinutes(tenant, hour) | sum.minutes;
    this.#close.run(tenant, hour, `${counted}`, this.#age.ms);
  }

  #closedMinutes(tenant: string, hour: string): bigint {
    return BigInt(String(this.#closed.get(tenant, hour)?.minutes ?? 0));
  }

  #addUp(tenant: string, hour: string): SampledHour {
    let minutes = 0n;
    const sums = new Map<string, Decimal>();
    for (const row of this.#ofHour.all(tenant, hour)) {
      minutes |= 1n << BigInt(String(row.minute).slice(-2));
      const meters: Record<string, string> = JSON.parse(String(row.meters));
      for (const [meter, quantity] of Object.entries(meters)) {
        sums.set(meter, (sums.get(meter) ?? new Decimal(0)).plus(quantity));
      }
    }
    return {
      tenant,
      hour: DateTime.fromFormat(hour, HOUR, { zone: 'utc' }),
      minutes,
      meters: Object.fromEntries(
        [...sums].map(([meter, sum]) => [meter, sum.toFixed()]),
      ),
    };
  }
}
