import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';

export function useApplication(id: string) {
  const api = useApi(kubenovaApiRef);
  return useQuery({
    queryKey: ['applications', id],
    queryFn: () => api.getApplication(id),
  });
}
