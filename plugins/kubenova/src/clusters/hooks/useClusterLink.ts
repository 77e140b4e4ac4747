import { useApi } from '@backstage/frontend-plugin-api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import { useClusterQuery } from './useClusterQuery';

/** How the link to a cluster's operator is. */
export function useClusterLink(cluster: string) {
  const api = useApi(kubenovaApiRef);
  return useClusterQuery({
    cluster,
    part: 'link',
    queryFn: () => api.getClusterLink(cluster),
  });
}

/** Asks the operator, live, whether it is there. */
export function usePingOperator(cluster: string) {
  const api = useApi(kubenovaApiRef);
  return useMutation({ mutationFn: () => api.pingOperator(cluster) });
}

/** Asks the operator, live, how it is. */
export function useDiagnoseOperator(cluster: string) {
  const api = useApi(kubenovaApiRef);
  return useMutation({ mutationFn: () => api.diagnoseOperator(cluster) });
}

export function useRotateOperatorKey(cluster: string) {
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.rotateOperatorKey(cluster),
    onSuccess: () =>
      queryClient.invalidateQueries({ queryKey: ['clusters', cluster] }),
  });
}

export function useRevokeOperatorKey(cluster: string) {
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.revokeOperatorKey(cluster),
    onSuccess: () =>
      queryClient.invalidateQueries({ queryKey: ['clusters', cluster] }),
  });
}
