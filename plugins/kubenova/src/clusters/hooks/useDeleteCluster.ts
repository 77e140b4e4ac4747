import { useApi } from '@backstage/frontend-plugin-api';
import {
  useIsMutating,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';

function deletionKey(name: string) {
  return ['clusters', name, 'deletion'] as const;
}

/**
 * @param options.onDeleted - leaves the cluster's page. Called while the
 *   deletion still counts as under way, so that nothing is asked for in between
 */
export function useDeleteCluster(options: {
  name: string;
  onDeleted: () => void;
}) {
  const { name, onDeleted } = options;
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  return useMutation({
    mutationKey: deletionKey(name),
    mutationFn: () => api.deleteCluster(name),
    onSuccess: () => {
      onDeleted();
      return queryClient.invalidateQueries({
        queryKey: ['clusters'],
        exact: true,
      });
    },
  });
}

export function useIsClusterBeingDeleted(name: string): boolean {
  return useIsMutating({ mutationKey: deletionKey(name) }) > 0;
}
