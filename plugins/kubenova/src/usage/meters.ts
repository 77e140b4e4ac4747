import type { UsageQuantities } from '@kubenova/plugin-kubenova-common';

export type Meter = keyof UsageQuantities;

/** The meters, in the order of the table's columns. */
export const METERS: readonly Meter[] = [
  'cpuRequestCoreHours',
  'memoryRequestGibHours',
  'pvcCapacityGibHours',
  'loadBalancerHours',
  'podHours',
  'namespaceHours',
  'applicationHours',
];

export function isMeter(text: string): text is Meter {
  return METERS.includes(text as Meter);
}
