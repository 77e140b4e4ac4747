import Decimal from 'decimal.js';
import type { Knex } from 'knex';
import type { ChangedRef, EventHandler, UsageRecordEvent } from '../link/types';
import { noSums } from './mergeRecords';
import { METER_DEFINITIONS } from './meters';
import type { MeterSums } from './types';
import type { UsageStore } from './UsageStore';

/** Keeps the usage records that operators send. */
export class UsageProjection implements EventHandler<UsageRecordEvent> {
  readonly types = ['usageRecord'] as const;
  readonly #store: UsageStore;

  constructor(options: { store: UsageStore }) {
    this.#store = options.store;
  }

  async handle(
    tx: Knex.Transaction,
    cluster: { id: string; name: string },
    event: UsageRecordEvent,
  ): Promise<ChangedRef[]> {
    const { tenant, incarnation, minutes } = event;
    await this.#store.record(tx, {
      cluster,
      tenant,
      hour: event.hour.toUTC().startOf('hour'),
      incarnation,
      minutes,
      sums: sumsOf(event),
    });
    return [{ kind: 'usage', tenant }];
  }
}

function sumsOf(event: UsageRecordEvent): MeterSums {
  const sums = noSums();
  for (const { meter, unit, quantity } of event.meters) {
    if (METER_DEFINITIONS[meter].unit !== unit) {
      throw new Error(`The meter ${meter} is not counted in ${unit}`);
    }
    sums[meter] = sums[meter].plus(new Decimal(quantity));
  }
  return sums;
}
