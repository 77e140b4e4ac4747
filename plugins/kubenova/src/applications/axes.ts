import type { Application } from '@kubenova/plugin-kubenova-common';

/** The two axes of an application as a whole, each with its reason. */
export type Axes = {
  syncReason?: string;
  healthReason?: string;
  /** Clusters whose operator is silent: the summary may be outdated there. */
  staleClusters: string[];
};

/**
 * The Manager sums deployments up to the worst of them; the reason is that of
 * the first deployment in that state, named where there is more than one.
 */
export function axesOf(application: Application): Axes {
  const { deployments, sync, health } = application;
  const named = (cluster: string, message: string | undefined) =>
    message && deployments.length > 1 ? `${cluster}: ${message}` : message;
  const outOfSync = deployments.find(d => d.sync.state === sync);
  const unhealthy = deployments.find(d => d.health === health);
  return {
    syncReason: outOfSync && named(outOfSync.cluster, outOfSync.sync.message),
    healthReason:
      unhealthy && named(unhealthy.cluster, unhealthy.healthMessage),
    staleClusters: deployments.filter(d => d.stale).map(d => d.cluster),
  };
}
