/**
 * Samples what every tenant requests, once a minute, and closes each hour when it is over (E8).
 *
 * 1. A sample belongs to the minute in which it was taken. A minute in which the API server did not answer has none: it shows as not seen.
 * 2. Hours are those of UTC. Closing is asked for every minute, so that an hour that ended while the operator was down is closed at its start.
 * 3. Nothing is sampled before it is known which tenants there are: a tenant that is not known yet has no zeros.
 */
import type { KubeClient, Logger } from '../kube/index.ts';
import { messageOf } from '../kube/index.ts';
import { sleep } from '../link/clock.ts';
import type { Clock } from '../link/clock.ts';
import type { Samples } from '../link/types.ts';
import { measureTenants } from './measureTenants.ts';
import type { Measured, TenantNamespaces } from './measureTenants.ts';
import { usageRecord } from './usageRecord.ts';

const SYNC_POLL_MS = 500;

export type UsageSamplerOptions = {
  kube: KubeClient;
  samples: Samples;
  tenants: TenantNamespaces & { synced(): boolean };
  clock: Clock;
  log: Logger;
};

export class UsageSampler {
  readonly #options: UsageSamplerOptions;

  constructor(options: UsageSamplerOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, tenants } = this.#options;
    while (!signal.aborted && !tenants.synced()) {
      await sleep(clock, SYNC_POLL_MS, signal);
    }
    while (!signal.aborted) {
      try {
        await this.sample();
      } catch (error) {
        log.warn('this minute of usage was not seen', {
          error: messageOf(error),
        });
      }
      this.closeHours();
      const now = clock.now();
      const next = now.startOf('minute').plus({ minutes: 1 });
      await sleep(clock, next.diff(now).toMillis(), signal);
    }
  }

  /** One sample of each tenant, for the present minute. */
  async sample(): Promise<void> {
    const { kube, samples, tenants, clock } = this.#options;
    const minute = clock.now().toUTC().startOf('minute');
    const measured = await measureTenants(kube, tenants);
    measured.forEach((meters, tenant) =>
      samples.add({ tenant, minute, meters: plain(meters) }),
    );
  }

  /** Turns every hour that is over into records. */
  closeHours(): void {
    const { samples, clock } = this.#options;
    const now = clock.now().toUTC();
    samples.closeHours(now.startOf('hour'), hour => usageRecord(hour, now));
  }
}

/** Decimals in plain notation. */
function plain(measured: Measured): Record<string, string> {
  return Object.fromEntries(
    Object.entries(measured).map(([meter, amount]) => [
      meter,
      amount.toFixed(),
    ]),
  );
}
