import { useApi } from '@backstage/frontend-plugin-api';
import type { JoinCommand } from '@kubenova/plugin-kubenova-common';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';

export function joinCommandKey(clusterName: string) {
  return ['join-commands', clusterName] as const;
}

/**
 * The last join command made in this browser tab. The Manager can't show a
 * token twice, so it is kept for as long as the tab lives, and only there.
 */
export function useJoinCommand(clusterName: string) {
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  const queryKey = joinCommandKey(clusterName);

  const { data } = useQuery<JoinCommand | null>({
    queryKey,
    queryFn: () => null,
    enabled: false,
    gcTime: Infinity,
  });
  const create = useMutation({
    mutationFn: () => api.createJoinCommand(clusterName),
    onSuccess: command => queryClient.setQueryData(queryKey, command),
  });
  return { command: data ?? undefined, create };
}
