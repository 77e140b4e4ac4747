import { useApi } from '@backstage/frontend-plugin-api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import type { Period } from '../range';

export function useUsage({ from, to }: Period, tenant: string) {
  const api = useApi(kubenovaApiRef);
  const request = {
    from: from.toISO() ?? '',
    to: to.toISO() ?? '',
    ...(tenant && { tenant }),
  };
  return useQuery({
    queryKey: ['usage', request],
    queryFn: () => api.getUsage(request),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}
