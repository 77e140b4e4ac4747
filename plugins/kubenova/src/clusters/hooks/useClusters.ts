import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import { readAll } from '../../shared/live';

export function useClusters() {
  const api = useApi(kubenovaApiRef);
  return useQuery({
    queryKey: ['clusters'],
    queryFn: () => readAll(page => api.listClusters(page)),
  });
}
