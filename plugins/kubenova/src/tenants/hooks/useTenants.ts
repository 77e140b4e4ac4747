import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import { readAll } from '../../shared/live';

export function useTenants() {
  const api = useApi(kubenovaApiRef);
  return useQuery({
    queryKey: ['tenants'],
    queryFn: () => readAll(page => api.listTenants(page)),
  });
}
