import type {
  MeterReading,
  OperatorEvent,
  SampledHour,
} from '../link/types.ts';
import type { DateTime } from 'luxon';

const UNITS: Record<MeterReading['meter'], MeterReading['unit']> = {
  cpu_request: 'core-minutes',
  memory_request: 'byte-minutes',
  pvc_capacity: 'byte-minutes',
  load_balancers: 'count-minutes',
  namespaces: 'count-minutes',
  pods: 'count-minutes',
  applications: 'count-minutes',
};

/** An hour's samples as the record that is sent (E8): never superseded, with a map of the minutes that were seen. */
export function usageRecord(
  hour: SampledHour,
  observedAt: DateTime,
): OperatorEvent {
  const meters = Object.entries(hour.meters) as Array<
    [MeterReading['meter'], string]
  >;
  return {
    key: `usage/${hour.tenant}/${hour.hour
      .toUTC()
      .toISO({ suppressMilliseconds: true })}`,
    kind: 'record',
    observedAt,
    body: {
      case: 'usageRecord',
      value: {
        tenant: hour.tenant,
        hour: hour.hour,
        minutes: hour.minutes,
        meters: meters.map(([meter, quantity]) => ({
          meter,
          unit: UNITS[meter],
          quantity,
        })),
      },
    },
  };
}
