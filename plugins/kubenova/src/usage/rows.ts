import Decimal from 'decimal.js';
import type { UsageSeries } from '@kubenova/plugin-kubenova-common';
import { METERS, type Meter } from './meters';

/** A meter's sum as it is shown, or nothing where nothing is known. */
export type Amounts = Record<Meter, Decimal | undefined>;

export type UsageRow = {
  tenant: string;
  amounts: Amounts;
  series: UsageSeries[];
};

const SHOWN_DECIMALS = 3;

/** One row a tenant, over its clusters. */
export function rowsOf(series: readonly UsageSeries[]): UsageRow[] {
  const byTenant = new Map<string, UsageSeries[]>();
  for (const one of series) {
    byTenant.set(one.tenant, [...(byTenant.get(one.tenant) ?? []), one]);
  }
  return [...byTenant]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([tenant, ofTenant]) => ({
      tenant,
      series: ofTenant,
      amounts: amounts(meter =>
        ofTenant
          .filter(
            ({ hours, hoursWithoutData }) => hoursWithoutData < hours.length,
          )
          .map(({ total }) => new Decimal(total[meter])),
      ),
    }));
}

/**
 * The sum of the rows as they are shown. Adding up before rounding would be
 * closer by a thousandth, and would not agree with what can be read.
 */
export function totalOf(rows: readonly UsageRow[]): Amounts {
  return amounts(meter => rows.flatMap(row => row.amounts[meter] ?? []));
}

export function shown(amount: Decimal | undefined): string {
  return amount === undefined ? '—' : amount.toFixed(SHOWN_DECIMALS);
}

function amounts(partsOf: (meter: Meter) => Decimal[]): Amounts {
  const entries = METERS.map(meter => {
    const parts = partsOf(meter);
    const sum = parts.length ? Decimal.sum(...parts) : undefined;
    return [meter, sum?.toDecimalPlaces(SHOWN_DECIMALS)];
  });
  return Object.fromEntries(entries);
}
