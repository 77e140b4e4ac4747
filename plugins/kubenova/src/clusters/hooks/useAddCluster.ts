import { useApi } from '@backstage/frontend-plugin-api';
import type { CreateClusterRequest } from '@kubenova/plugin-kubenova-common';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import { joinCommandKey } from './useJoinCommand';

/** Registers a cluster and makes its first join command, ready on its page. */
export function useAddCluster() {
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (request: CreateClusterRequest) => {
      const cluster = await api.createCluster(request);
      try {
        const command = await api.createJoinCommand(cluster.name);
        queryClient.setQueryData(joinCommandKey(cluster.name), command);
      } catch {
        // The cluster is registered all the same, and its page offers the
        // join command again, with the reason should it be refused again.
      }
      return cluster;
    },
    onSuccess: cluster => {
      queryClient.setQueryData(['clusters', cluster.name], cluster);
      return queryClient.invalidateQueries({
        queryKey: ['clusters'],
        exact: true,
      });
    },
  });
}
