import { LoggerService } from '@backstage/backend-plugin-api';
import { Event } from '@kubenova/proto';
import { Knex } from 'knex';
import { limitedTransaction } from '../lease/limitedTransaction';
import { ChangedRef, EventHandler, LinkEvent } from '../types';
import { mapEvent } from './mapEvent';
import { advanceAckedSeq } from './operations/advanceAckedSeq';
import { parkEvent } from './operations/parkEvent';
import { poisonCode } from './poison';
import { Ingest, IngestBatch, IngestOutcome } from './types';

/**
 * Commits events: acknowledged sequence and projections in one transaction.
 *
 * 1. The first statement is the epoch check (E4): a session that was fenced writes nothing at all.
 * 2. A batch is all or nothing. Acknowledged means committed (E6), so the caller acknowledges what this returns, not before.
 * 3. Poison is set aside in the same transaction (E9). To find it costs a savepoint an event, so a batch is first tried
 *    without, and once more event by event if the data was at fault.
 * 4. Handlers are asked in their order, for the types that they name. This file knows no domain.
 */
export class DatabaseIngest implements Ingest {
  readonly #db: Knex;
  readonly #handlers: readonly EventHandler[];
  readonly #logger: LoggerService;

  constructor(options: {
    db: Knex;
    handlers: readonly EventHandler[];
    logger: LoggerService;
  }) {
    this.#db = options.db;
    this.#handlers = options.handlers;
    this.#logger = options.logger;
  }

  async commit(batch: IngestBatch): Promise<IngestOutcome> {
    try {
      return await this.#commit(batch, (tx, event) =>
        this.#project(tx, batch, event),
      );
    } catch (error) {
      if (poisonCode(error) === undefined) {
        throw error;
      }
      return this.#commit(batch, (tx, event) =>
        this.#projectOrPark(tx, batch, event),
      );
    }
  }

  async #commit(
    batch: IngestBatch,
    project: (tx: Knex.Transaction, event: Event) => Promise<ChangedRef[]>,
  ): Promise<IngestOutcome> {
    const toSeq = batch.events[batch.events.length - 1].seq;
    return limitedTransaction(this.#db, async tx => {
      const mine = await advanceAckedSeq(tx, {
        clusterId: batch.cluster.id,
        epoch: batch.epoch,
        incarnation: batch.incarnation,
        fromSeq: batch.ackedSeq,
        toSeq,
      });
      if (!mine) {
        return { outcome: 'fenced' };
      }
      const changed: ChangedRef[] = [];
      for (const event of batch.events) {
        changed.push(...(await project(tx, event)));
      }
      return { outcome: 'committed', ackedSeq: toSeq, changed };
    });
  }

  async #project(
    tx: Knex.Transaction,
    batch: IngestBatch,
    event: Event,
  ): Promise<ChangedRef[]> {
    if (event.body.case === 'gapRecord') {
      this.#logger.warn(
        `The operator of ${batch.cluster.name} gave up ${event.body.value.dropped} journal entries for want of space`,
      );
    }
    const mapped = mapEvent(event, batch.incarnation);
    return mapped ? this.#handle(tx, batch, mapped) : [];
  }

  async #handle(
    tx: Knex.Transaction,
    batch: IngestBatch,
    event: LinkEvent,
  ): Promise<ChangedRef[]> {
    const changed: ChangedRef[] = [];
    for (const handler of this.#handlers) {
      if (handler.types.includes(event.type)) {
        changed.push(...(await handler.handle(tx, batch.cluster, event)));
      }
    }
    return changed;
  }

  async #projectOrPark(
    tx: Knex.Transaction,
    batch: IngestBatch,
    event: Event,
  ): Promise<ChangedRef[]> {
    try {
      // A transaction within one is a savepoint.
      return await tx.transaction(savepoint =>
        this.#project(savepoint, batch, event),
      );
    } catch (error) {
      const code = poisonCode(error);
      if (code === undefined) {
        throw error;
      }
      const message = error instanceof Error ? error.message : String(error);
      this.#logger.error(
        `Event ${event.seq} (${event.key}) of ${batch.cluster.name} is set aside: ${code} ${message}`,
      );
      await parkEvent(tx, {
        clusterId: batch.cluster.id,
        incarnation: batch.incarnation,
        event,
        code,
        error: message,
      });
      return [];
    }
  }
}
