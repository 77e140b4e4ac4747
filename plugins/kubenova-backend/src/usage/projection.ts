import Decimal from 'decimal.js';
import type { Knex } from 'knex';
import type {
  ChangedRef,
  EventHandler,
  OperatorEvent,
  UsageRecordEvent,
} from '../link/types';
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
    events: ReadonlyArray<OperatorEvent<UsageRecordEvent>>,
  ): Promise<ChangedRef[]> {
    const records = events.map(({ cluster, event }) => ({
      cluster,
      tenant: event.tenant,
      hour: event.hour.toUTC().startOf('hour'),
      incarnation: event.incarnation,
      minutes: event.minutes,
      sums: sumsOf(event),
    }));
    await this.#store.record(tx, records);
    const tenants = new Set(records.map(({ tenant }) => tenant));
    return [...tenants].map(tenant => ({ kind: 'usage', tenant }));
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
