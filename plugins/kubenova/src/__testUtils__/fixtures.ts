import type {
  Application,
  Cluster,
  ClusterLink,
  Deployment,
  LinkDiagnostics,
  Placement,
  SyncStatus,
  Tenant,
} from '@kubenova/plugin-kubenova-common';

const CREATED_AT = '2026-11-24T06:00:00.000Z';

export const synced: SyncStatus = {
  state: 'Synced',
  desiredGeneration: 1,
  acceptedGeneration: 1,
  appliedGeneration: 1,
};

export function clusterOf(name: string, more: Partial<Cluster> = {}): Cluster {
  return {
    id: `id-of-${name}`,
    novaClusterId: `nova-id-of-${name}`,
    name,
    datacenter: 'Frankfurt',
    status: 'connected',
    stale: false,
    lastSeenAt: CREATED_AT,
    config: {
      installCapsule: true,
      installCapsuleProxy: true,
      installKubeVela: true,
      kubeVelaProfile: 'default',
    },
    components: [],
    conditions: [],
    sync: synced,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    etag: '"1"',
    ...more,
  };
}

/** The link of an operator that is connected and well. */
export function linkOf(more: Partial<ClusterLink> = {}): ClusterLink {
  return {
    state: 'open',
    stale: false,
    epoch: 7,
    openedAt: CREATED_AT,
    lastSeenAt: CREATED_AT,
    remoteAddress: '10.1.2.3',
    replica: 'kubenova-0/1',
    capabilities: ['calls', 'held-states', 'key-rotation'],
    operatorVersion: '0.1.0',
    kubernetesVersion: 'v1.36.3',
    journal: { depth: 0, bytes: 1024 * 1024, budgetBytes: 256 * 1024 * 1024 },
    lag: { lastMs: 42 },
    outbox: { waiting: 0 },
    parkedEvents: 0,
    durability: 'replicated',
    recentErrors: [],
    ...more,
  };
}

export function diagnosticsOf(): LinkDiagnostics {
  return {
    takenAt: CREATED_AT,
    operatorVersion: '0.1.0',
    kubernetesVersion: 'v1.36.3',
    nodeVersion: '24.21.0',
    uptimeSeconds: 3_600,
    rssBytes: 90 * 1024 * 1024,
    leaseHolder: 'kubenova-operator-0_1234',
    incarnation: '0b5c2a9e-0b1f-4d53-8a53-7a8d6a1f0a11',
    ackedSeq: 41,
    assignedSeq: 42,
    highestEpoch: 7,
    highestGeneration: 12,
    journal: { depth: 1, bytes: 2_048, budgetBytes: 256 * 1024 * 1024 },
    recentErrors: [
      { at: CREATED_AT, level: 'warn', message: 'the network went away' },
    ],
  };
}

export function placementIn(
  cluster: string,
  more: Partial<Placement> = {},
): Placement {
  return {
    id: `placement-in-${cluster}`,
    cluster,
    status: 'ready',
    namespaces: ['acme-owner', 'acme-apps'],
    conditions: [],
    sync: synced,
    stale: false,
    ...more,
  };
}

export function tenantOf(name: string, more: Partial<Tenant> = {}): Tenant {
  return {
    id: `id-of-${name}`,
    name,
    displayName: '',
    placements: [placementIn('fra1')],
    deleting: false,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    etag: '"1"',
    ...more,
  };
}

export function deploymentIn(
  cluster: string,
  more: Partial<Deployment> = {},
): Deployment {
  return {
    id: `deployment-in-${cluster}`,
    cluster,
    revision: 1,
    sync: synced,
    health: 'Healthy',
    components: [],
    steps: [],
    conditions: [],
    stale: false,
    ...more,
  };
}

export const WEB_YAML = `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata:
  name: web
spec:
  components:
    - name: web
      type: webservice
      properties:
        image: registry.example/web:1
        # what people call
        ports:
          - port: 8080
            expose: true
`;

export function applicationOf(
  name: string,
  more: Partial<Application> = {},
): Application {
  return {
    id: `id-of-${name}`,
    tenant: 'acme',
    name,
    revision: 1,
    yaml: WEB_YAML,
    sync: 'Synced',
    health: 'Healthy',
    deployments: [deploymentIn('fra1')],
    deleting: false,
    createdBy: 'user:development/guest',
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    etag: '"1"',
    ...more,
  };
}
