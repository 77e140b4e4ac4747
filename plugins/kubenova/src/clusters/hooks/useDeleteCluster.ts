import { useApi } from '@backstage/frontend-plugin-api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';

export type ClusterDeletion = ReturnType<typeof useDeleteCluster>;

export function useDeleteCluster() {
  const api = useApi(kubenovaApiRef);
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.deleteCluster(name),
    onSuccess: () =>
      queryClient.invalidateQueries({ queryKey: ['clusters'], exact: true }),
  });
}
