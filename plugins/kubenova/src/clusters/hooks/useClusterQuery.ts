import { useQuery } from '@tanstack/react-query';
import { useIsClusterBeingDeleted } from './useDeleteCluster';

/**
 * Asks for something of one cluster, again with each change of clusters.
 *
 * Once the cluster is being deleted, nothing of it is asked for any more: the
 * signal of its end can be here before the page is left, and would bring a 404.
 */
export function useClusterQuery<T>(options: {
  cluster: string;
  /** What of it; absent for the cluster itself. */
  part?: string;
  queryFn: () => Promise<T>;
}) {
  const { cluster, part, queryFn } = options;
  const isBeingDeleted = useIsClusterBeingDeleted(cluster);
  return useQuery({
    queryKey: ['clusters', cluster, ...(part ? [part] : [])],
    queryFn,
    enabled: !isBeingDeleted,
  });
}
