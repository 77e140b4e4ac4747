import { fromBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@kubenova/proto';
import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { limitedTransaction } from '../lease/limitedTransaction';
import { OutcomeHandler } from '../outbox/OutcomeHandler';
import { ChangedRef, ChangeNotifier, EventHandler } from '../types';
import {
  deleteParkedEvent,
  listParkedEvents,
  ParkedEventRow,
  updateParkedEvent,
} from './operations/parkedEvents';
import { poisonCode } from './poison';
import { prepareEvent } from './PreparedBatch';
import { Projector } from './Projector';

/** An event that was set aside (E9). */
export interface ParkedEvent {
  id: ParkedEventId;
  key: string;
  /** `UNREADABLE`, or the SQLSTATE with which Postgres refused it. */
  code: string;
  error: string;
  /** When the operator saw it, by its own clock, as far as that could be read. */
  observedAt?: DateTime;
  parkedAt: DateTime;
}

/** Where an event stood in the order of its cluster's events. */
export interface ParkedEventId {
  incarnation: string;
  epoch: number;
  seq: number;
}

type Cluster = { id: string; name: string };

const PAGE = 100;

/**
 * The events that were set aside, and another try for them, once there is a release that understands them.
 *
 * 1. A replay writes each event in a transaction of its own, in the order in which they came, and takes it off the table there: it is
 *    written and gone, or neither.
 * 2. It takes the lock of the link's row first, as the ingest does. So it comes between two batches and not into one.
 * 3. An event that is older than what is there changes nothing (E3): a state that was told again meanwhile is not taken back.
 */
export class ParkedEvents {
  readonly #db: Knex;
  readonly #changes: ChangeNotifier;
  readonly #projector: Projector;

  constructor(options: {
    database: Knex;
    changes: ChangeNotifier;
    handlers: readonly EventHandler[];
  }) {
    this.#db = options.database;
    this.#changes = options.changes;
    this.#projector = new Projector({
      handlers: [new OutcomeHandler(), ...options.handlers],
      snapshotListeners: [],
    });
  }

  /** In the order in which they came. */
  async list(
    clusterId: string,
    page: { limit: number; after?: ParkedEventId },
  ): Promise<ParkedEvent[]> {
    const rows = await listParkedEvents(this.#db, clusterId, page);
    return rows.map(toParkedEvent);
  }

  /** Since when nothing of the cluster is acknowledged because too many events are poison. */
  async haltedAt(clusterId: string): Promise<DateTime | undefined> {
    const link: { poison_halted_at: Date | null } | undefined = await this.#db(
      'links',
    )
      .where({ cluster_id: clusterId })
      .first('poison_halted_at');
    return link?.poison_halted_at ? toTime(link.poison_halted_at) : undefined;
  }

  /**
   * Tries events again: those of these ids, or all. One that is not there any more is passed over.
   *
   * @returns how many were written, and those that still can't be.
   * @throws where an event could not be written for a reason that may pass; what was written before stays written.
   */
  async replay(
    cluster: Cluster,
    only?: readonly Omit<ParkedEventId, 'epoch'>[],
  ): Promise<{ replayed: number; remaining: ParkedEvent[] }> {
    const chosen = only && new Set(only.map(idOf));
    const remaining: ParkedEvent[] = [];
    let replayed = 0;
    let after: ParkedEventId | undefined;
    for (;;) {
      const rows = await listParkedEvents(this.#db, cluster.id, {
        limit: PAGE,
        after,
      });
      for (const row of rows) {
        after = toParkedEvent(row).id;
        if (!chosen || chosen.has(idOf(after))) {
          const left = await this.#replayOne(cluster, row);
          remaining.push(...(left ? [left] : []));
          replayed += left ? 0 : 1;
        }
      }
      if (rows.length < PAGE) {
        return { replayed, remaining };
      }
    }
  }

  /** @returns the event, where it still can't be written. */
  async #replayOne(
    cluster: Cluster,
    row: ParkedEventRow,
  ): Promise<ParkedEvent | undefined> {
    try {
      const changed = await limitedTransaction(this.#db, async tx => {
        await tx('links').where({ cluster_id: cluster.id }).forUpdate().first();
        return (await deleteParkedEvent(tx, row))
          ? this.#project(tx, cluster, row)
          : []; // somebody else replayed it meanwhile
      });
      this.#changes.changed(changed);
      return undefined;
    } catch (error) {
      const code = poisonCode(error);
      if (code === undefined) {
        throw error;
      }
      const message = error instanceof Error ? error.message : String(error);
      return toParkedEvent(
        await updateParkedEvent(this.#db, row, { code, error: message }),
      );
    }
  }

  async #project(
    tx: Knex.Transaction,
    cluster: Cluster,
    row: ParkedEventRow,
  ): Promise<ChangedRef[]> {
    const frame = fromBinary(EventSchema, row.event);
    const { told, unreadable } = prepareEvent(frame, {
      cluster,
      epoch: Number(row.epoch),
      incarnation: row.incarnation,
    });
    if (unreadable !== undefined) {
      throw unreadable;
    }
    // The mark of a snapshot has no word for the domains, and the time for it is over.
    return told ? this.#projector.handle(tx, [told]) : [];
  }
}

function idOf({ incarnation, seq }: Omit<ParkedEventId, 'epoch'>): string {
  return `${incarnation}/${seq}`;
}

function toParkedEvent(row: ParkedEventRow): ParkedEvent {
  return {
    id: {
      incarnation: row.incarnation,
      epoch: Number(row.epoch),
      seq: Number(row.seq),
    },
    key: row.key,
    code: row.code,
    error: row.error,
    observedAt: row.observed_at ? toTime(row.observed_at) : undefined,
    parkedAt: toTime(row.parked_at),
  };
}

function toTime(date: Date): DateTime {
  return DateTime.fromJSDate(date, { zone: 'utc' });
}
