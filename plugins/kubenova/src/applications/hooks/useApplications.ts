import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import { readAll } from '../../shared/live';

export type ApplicationsFilter = { tenant?: string; cluster?: string };

export function useApplications(filter: ApplicationsFilter = {}) {
  const api = useApi(kubenovaApiRef);
  return useQuery({
    queryKey: ['applications', 'list', filter],
    queryFn: () =>
      readAll(page => api.listApplications({ ...page, ...filter })),
  });
}
