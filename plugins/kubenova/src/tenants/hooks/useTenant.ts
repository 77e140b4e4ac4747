import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';

export function useTenant(name: string) {
  const api = useApi(kubenovaApiRef);
  return useQuery({
    queryKey: ['tenants', name],
    queryFn: () => api.getTenant(name),
  });
}
