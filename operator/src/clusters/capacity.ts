import { Decimal } from 'decimal.js';
import { formatBytes, formatCores, parseQuantity } from '../kube/index.ts';
import type { KubeObject } from '../kube/index.ts';
import type { ClusterStatus } from '../link/types.ts';

type NodeStatus = {
  allocatable?: { cpu?: string; memory?: string };
  conditions?: Array<{ type: string; status: string }>;
};

/** What the nodes can give to pods, added up. */
export function capacityOf(
  nodes: readonly KubeObject[],
): NonNullable<ClusterStatus['capacity']> {
  const statuses = nodes.map(node => (node.status ?? {}) as NodeStatus);
  const sum = (of: (status: NodeStatus) => string | undefined) =>
    statuses.reduce(
      (total, status) => total.plus(parseQuantity(of(status) ?? '0')),
      new Decimal(0),
    );
  return {
    nodes: nodes.length,
    readyNodes: statuses.filter(isReady).length,
    cpu: formatCores(sum(status => status.allocatable?.cpu)),
    memory: formatBytes(sum(status => status.allocatable?.memory)),
  };
}

function isReady(status: NodeStatus): boolean {
  return (status.conditions ?? []).some(
    condition => condition.type === 'Ready' && condition.status === 'True',
  );
}
