import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';

export function useCluster(name: string, options?: { enabled: boolean }) {
  const api = useApi(kubenovaApiRef);
  return useQuery({
    queryKey: ['clusters', name],
    queryFn: () => api.getCluster(name),
    enabled: options?.enabled,
  });
}
