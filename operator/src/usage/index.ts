import type { KubeClient, Logger } from '../kube/index.ts';
import type { Clock } from '../link/clock.ts';
import type { Samples } from '../link/types.ts';
import type { TenantStates } from '../tenants/index.ts';
import { UsageSampler } from './UsageSampler.ts';

export type UsageOptions = {
  kube: KubeClient;
  samples: Samples;
  tenants: TenantStates;
  clock: Clock;
  log: Logger;
};

export type Usage = {
  /** Samples and closes hours until the signal fires. */
  start(signal: AbortSignal): Promise<void>;
};

/** Usage: what every tenant requests, by the minute, closed by the hour. */
export function createUsage(options: UsageOptions): Usage {
  const sampler = new UsageSampler(options);
  return { start: signal => sampler.run(signal) };
}
