/**
 * Samples of usage, minute by minute, until their hour is closed (E8).
 *
 * 1. A minute counts once: a second sample of it changes nothing.
 * 2. An hour's samples and its record change places in one transaction, so no crash counts an hour twice or loses it.
 * 3. A sample that comes after its hour was closed makes a record of its own: disjoint minutes add up at the Manager.
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
import { transaction } from './transaction.ts';

const MINUTE = "yyyy-MM-dd'T'HH:mm";
const HOUR = "yyyy-MM-dd'T'HH";

export class JournalSamples implements Samples {
  readonly #db: DatabaseSync;
  readonly #events: Events;
  readonly #add: StatementSync;
  readonly #ended: StatementSync;
  readonly #ofHour: StatementSync;
  readonly #remove: StatementSync;

  constructor(options: { db: DatabaseSync; events: Events }) {
    this.#db = options.db;
    this.#events = options.events;
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
  }

  add(sample: UsageSample): void {
    this.#add.run(
      sample.tenant,
      sample.minute.toUTC().toFormat(MINUTE),
      JSON.stringify(sample.meters),
    );
  }

  closeHours(
    before: DateTime,
    emit: (hour: SampledHour) => OperatorEvent,
  ): void {
    for (const row of this.#ended.all(before.toUTC().toFormat(HOUR))) {
      const tenant = String(row.tenant);
      const hour = String(row.hour);
      transaction(this.#db, () => {
        this.#events.put(emit(this.#addUp(tenant, hour)));
        this.#remove.run(tenant, hour);
      });
    }
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
