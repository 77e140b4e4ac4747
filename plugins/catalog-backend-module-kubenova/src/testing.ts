import type {
  Application,
  Cluster,
  KubenovaApi,
  Tenant,
} from '@kubenova/plugin-kubenova-common';
import { ResponseError } from '@backstage/errors';

const SYNCED = { state: 'Synced', desiredGeneration: 1 } as const;
const TIMES = {
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

export function aCluster(name: string): Cluster {
  return {
    id: `id-of-${name}`,
    novaClusterId: `nova-id-of-${name}`,
    name,
    datacenter: 'Frankfurt',
    status: 'connected',
    stale: false,
    config: {
      installCapsule: true,
      installCapsuleProxy: true,
      installKubeVela: true,
      kubeVelaProfile: 'default',
    },
    components: [],
    conditions: [],
    sync: SYNCED,
    etag: '1',
    ...TIMES,
  };
}

export function aTenant(name: string): Tenant {
  return {
    id: `id-of-${name}`,
    name,
    displayName: `${name} Corp`,
    placements: [],
    deleting: false,
    etag: '1',
    ...TIMES,
  };
}

export function anApplication(
  tenant: string,
  name: string,
  clusters: string[],
): Application {
  return {
    id: `id-of-${tenant}-${name}`,
    tenant,
    name,
    revision: 1,
    yaml: '',
    sync: 'Synced',
    health: 'Healthy',
    deployments: clusters.map(cluster => ({
      id: `id-of-${tenant}-${name}-${cluster}`,
      cluster,
      revision: 1,
      sync: SYNCED,
      health: 'Healthy',
      components: [],
      steps: [],
      conditions: [],
      stale: false,
    })),
    deleting: false,
    createdBy: 'user:default/guest',
    etag: '1',
    ...TIMES,
  };
}

/** Objects in memory behind the part of the API that the catalog reads; lists have two items a page. */
export class FakeKubenovaApi
  implements
    Pick<
      KubenovaApi,
      | 'listClusters'
      | 'getCluster'
      | 'listTenants'
      | 'getTenant'
      | 'listApplications'
      | 'getApplication'
    >
{
  readonly clusters = new Map<string, Cluster>();
  readonly tenants = new Map<string, Tenant>();
  readonly applications = new Map<string, Application>();

  addCluster(cluster: Cluster) {
    this.clusters.set(cluster.name, cluster);
  }

  addTenant(tenant: Tenant) {
    this.tenants.set(tenant.name, tenant);
  }

  addApplication(application: Application) {
    this.applications.set(application.id, application);
  }

  listClusters(page?: { cursor?: string }) {
    return pageOf(this.clusters, page?.cursor);
  }

  getCluster(name: string) {
    return oneOf(this.clusters, name);
  }

  listTenants(page?: { cursor?: string }) {
    return pageOf(this.tenants, page?.cursor);
  }

  getTenant(name: string) {
    return oneOf(this.tenants, name);
  }

  listApplications(page?: { cursor?: string }) {
    return pageOf(this.applications, page?.cursor);
  }

  getApplication(id: string) {
    return oneOf(this.applications, id);
  }
}

async function pageOf<T>(objects: Map<string, T>, cursor = '0') {
  const start = Number(cursor);
  const items = [...objects.values()].slice(start, start + 2);
  const next = start + 2;
  return next < objects.size ? { items, nextCursor: String(next) } : { items };
}

async function oneOf<T>(objects: Map<string, T>, key: string): Promise<T> {
  const object = objects.get(key);
  if (!object) {
    throw await ResponseError.fromResponse(
      new Response(
        JSON.stringify({ error: { name: 'NotFoundError', message: key } }),
        { status: 404, headers: { 'content-type': 'application/json' } },
      ),
    );
  }
  return object;
}
