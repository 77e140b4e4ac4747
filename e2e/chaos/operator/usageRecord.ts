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

/** What the ledger calls the record with that number. */
export function recordName(number: number): string {
  return `${TENANT}/${FIRST_HOUR.plus({ hours: number }).toISO()}`;
}

/** The number in a name of the ledger. */
export function recordNumber(name: string): number {
  const hour = DateTime.fromISO(name.slice(TENANT.length + 1), { zone: 'utc' });
  return hour.diff(FIRST_HOUR, 'hours').hours;
}
