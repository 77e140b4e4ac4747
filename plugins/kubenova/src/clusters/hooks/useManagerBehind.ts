import { useApi } from '@backstage/frontend-plugin-api';
import type { BehindDecisionRequest } from '@kubenova/plugin-kubenova-common';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import { useClusterQuery } from './useClusterQuery';

/** What has to be decided before anything is sent to a cluster again. */
export function useManagerBehind(cluster: string) {
  const api = useApi(kubenovaApiRef);
  return useClusterQuery({
    cluster,
    part: 'behind',
    queryFn: () => api.getManagerBehind(cluster),
  });
}

export function useDecideManagerBehind(cluster: string) {
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (request: BehindDecisionRequest) =>
      api.decideManagerBehind(cluster, request),
    // A refusal too says that what is on the screen is not what is there.
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ['clusters', cluster] }),
  });
}
