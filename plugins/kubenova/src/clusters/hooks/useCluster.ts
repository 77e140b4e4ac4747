import { useApi } from '@backstage/frontend-plugin-api';
import { kubenovaApiRef } from '../../api';
import { useClusterQuery } from './useClusterQuery';

export function useCluster(name: string) {
  const api = useApi(kubenovaApiRef);
  return useClusterQuery({
    cluster: name,
    queryFn: () => api.getCluster(name),
  });
}
