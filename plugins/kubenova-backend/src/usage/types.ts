import type Decimal from 'decimal.js';
import type { DateTime } from 'luxon';
import type { UsageRecordEvent } from '../link/types';

export type Meter = UsageRecordEvent['meters'][number]['meter'];

/** What was requested in the minutes seen: core-minutes, byte-minutes and count-minutes, by meter. */
export type MeterSums = Record<Meter, Decimal>;

/** What one life of an operator saw of a tenant in one hour (E8). */
export interface UsageRecord {
  cluster: { id: string; name: string };
  tenant: string;
  /** The start of the hour, in UTC. */
  hour: DateTime;
  incarnation: string;
  /** Bit n is minute n. */
  minutes: bigint;
  sums: MeterSums;
}
