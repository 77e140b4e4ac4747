import { useUrlFilters } from '../../shared/navigation';
import { isMeter, type Meter } from '../meters';
import { isRange, type Range } from '../range';

const KEYS = ['range', 'tenant', 'meter'] as const;

/** What the page shows, kept in the URL; a value it does not know is ignored. */
export function useUsageFilters() {
  const { values, change } = useUrlFilters(KEYS);
  const range: Range = isRange(values.range) ? values.range : '24h';
  const meter: Meter = isMeter(values.meter)
    ? values.meter
    : 'cpuRequestCoreHours';
  return { range, meter, tenant: values.tenant, change };
}
