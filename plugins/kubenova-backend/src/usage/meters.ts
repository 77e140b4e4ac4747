import type { UsageRecordEvent } from '../link/types';
import type { UsageQuantities } from '../schema/openapi/generated/models';
import type { Meter } from './types';

type Unit = UsageRecordEvent['meters'][number]['unit'];

/** What each meter is counted in, where it is kept, and how it is shown. */
export const METER_DEFINITIONS: Record<
  Meter,
  {
    unit: Unit;
    column: string;
    shownAs: keyof UsageQuantities;
    /** How many of the unit make one of what is shown. */
    perShown: number;
  }
> = {
  cpu_request: {
    unit: 'core-minutes',
    column: 'cpu_request_core_minutes',
    shownAs: 'cpuRequestCoreHours',
    perShown: 60,
  },
  memory_request: {
    unit: 'byte-minutes',
    column: 'memory_request_byte_minutes',
    shownAs: 'memoryRequestGibHours',
    perShown: 60 * 1024 ** 3,
  },
  pvc_capacity: {
    unit: 'byte-minutes',
    column: 'pvc_capacity_byte_minutes',
    shownAs: 'pvcCapacityGibHours',
    perShown: 60 * 1024 ** 3,
  },
  load_balancers: {
    unit: 'count-minutes',
    column: 'load_balancer_minutes',
    shownAs: 'loadBalancerHours',
    perShown: 60,
  },
  namespaces: {
    unit: 'count-minutes',
    column: 'namespace_minutes',
    shownAs: 'namespaceHours',
    perShown: 60,
  },
  pods: {
    unit: 'count-minutes',
    column: 'pod_minutes',
    shownAs: 'podHours',
    perShown: 60,
  },
  applications: {
    unit: 'count-minutes',
    column: 'application_minutes',
    shownAs: 'applicationHours',
    perShown: 60,
  },
};

export const METERS = Object.keys(METER_DEFINITIONS) as Meter[];
