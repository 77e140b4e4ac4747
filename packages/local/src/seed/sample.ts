import type {
  Application,
  Cluster,
  CreateClusterRequest,
} from '@kubenova/plugin-kubenova-common';
import { waitUntil } from '../processes/waitUntil.ts';
import type { PortalApi } from './PortalApi.ts';

/** What `./kubenova start` shows. Everything in here may be there already, from an earlier start. */
export const SAMPLE_TENANT = 'acme';
export const SAMPLE_APPLICATION = {
  name: 'httpbin',
  form: {
    image: 'kubenova.local/go-httpbin:2.26.0',
    port: 8080,
    replicas: 1,
    cpu: '50m',
    memory: '64Mi',
  },
};

const LIMIT_MS = 15 * 60_000;

export async function ensureCluster(
  api: PortalApi,
  request: CreateClusterRequest,
): Promise<Cluster> {
  return (await api.getCluster(request.name)) ?? api.createCluster(request);
}

/**
 * Connected, and heard from since this was called: right after a start the portal still believes of each cluster what it knew when
 * the last one ended.
 */
export function untilConnected(
  api: PortalApi,
  name: string,
  signal: AbortSignal,
): Promise<Cluster> {
  const since = Date.now();
  const what = `${name} to be connected`;
  return waitUntil({ what, limitMs: LIMIT_MS, signal }, async () => {
    const cluster = await api.getCluster(name);
    const lastSeen = Date.parse(cluster?.lastSeenAt ?? '');
    return cluster?.status === 'connected' && lastSeen > since
      ? cluster
      : undefined;
  });
}

/** The tenant with a ready placement in each of the clusters. */
export async function ensureSampleTenant(options: {
  api: PortalApi;
  clusters: string[];
  signal: AbortSignal;
}): Promise<void> {
  const { api, clusters, signal } = options;
  const name = SAMPLE_TENANT;
  const existing = await api.getTenant(name);
  if (!existing) {
    await api.createTenant({ name, displayName: 'Acme', clusters });
  }
  const placed = existing?.placements.map(each => each.cluster) ?? clusters;
  for (const cluster of clusters.filter(each => !placed.includes(each))) {
    await api.createPlacement(name, cluster);
  }
  const what = `the tenant ${name} to be ready in ${clusters.join(' and ')}`;
  await waitUntil({ what, limitMs: LIMIT_MS, signal }, async () => {
    const tenant = await api.getTenant(name);
    const ready = tenant?.placements.filter(each => each.status === 'ready');
    return ready?.length === clusters.length ? ready : undefined;
  });
}

/** The application, Healthy as the portal sees it. */
export async function ensureSampleApplication(options: {
  api: PortalApi;
  cluster: string;
  signal: AbortSignal;
}): Promise<Application> {
  const { api, cluster, signal } = options;
  const { name, form } = SAMPLE_APPLICATION;
  const tenant = SAMPLE_TENANT;
  const { id } =
    (await api.findApplication(tenant, name)) ??
    (await api.createApplication({ tenant, name, clusters: [cluster], form }));
  const what = `the application ${name} to be healthy`;
  return waitUntil({ what, limitMs: LIMIT_MS, signal }, async () => {
    const application = await api.getApplication(id);
    const isUp =
      application?.sync === 'Synced' && application.health === 'Healthy';
    return isUp ? application : undefined;
  });
}
