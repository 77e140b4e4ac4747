import type { OperatorEvent } from '@kubenova/operator/link';
import { DateTime } from 'luxon';

const FIRST_HOUR = DateTime.utc(2020, 1, 1);
const TENANT = 'metered';

/** A record that its number tells from all others of its datacenter: each has an hour of its own. */
export function usageRecord(
  number: number,
  observedAt: DateTime,
): OperatorEvent {
  const hour = FIRST_HOUR.plus({ hours: number });
  return {
    key: `usage/${TENANT}/${hour.toISO()}`,
    kind: 'record',
    observedAt,
    body: {
      case: 'usageRecord',
      value: {
        tenant: TENANT,
        hour,
        minutes: 1n,
        meters: [{ meter: 'pods', unit: 'count-minutes', quantity: '1' }],
      },
    },
  };
}

/** The number in a name of the ledger, or in the rest of a key; undefined where that is another record's. */
export function recordNumber(name: string): number | undefined {
  const prefix = `${TENANT}/`;
  return name.startsWith(prefix)
    ? recordOfHour(new Date(name.slice(prefix.length)))
    : undefined;
}

export function recordOfHour(hour: Date): number {
  return DateTime.fromJSDate(hour).diff(FIRST_HOUR, 'hours').hours;
}
