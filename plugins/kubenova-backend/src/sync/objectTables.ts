/** Where each domain keeps the objects whose ids are the uids of desired states, and what they belong to. */
export const OBJECT_TABLES = {
  clusters: { clusterId: 'id', owner: 'id' },
  placements: { clusterId: 'cluster_id', owner: 'tenant_id' },
  deployments: { clusterId: 'cluster_id', owner: 'application_id' },
} as const;

export type ObjectTable = keyof typeof OBJECT_TABLES;
