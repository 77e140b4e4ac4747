import { useApi } from '@backstage/frontend-plugin-api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import { useClusterQuery } from './useClusterQuery';

/** The first of the events that could not be written. */
export function useParkedEvents(cluster: string) {
  const api = useApi(kubenovaApiRef);
  return useClusterQuery({
    cluster,
    part: 'parked-events',
    queryFn: () => api.listParkedEvents(cluster),
  });
}

export function useReplayParkedEvents(cluster: string) {
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.replayParkedEvents(cluster),
    // Where it breaks off, some are written already.
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ['clusters', cluster] }),
  });
}
