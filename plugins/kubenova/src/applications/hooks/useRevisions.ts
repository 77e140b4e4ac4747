import { useApi } from '@backstage/frontend-plugin-api';
import type { Application } from '@kubenova/plugin-kubenova-common';
import { useQuery } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import { readAll } from '../../shared/live';

/** Revisions never change: they are read again when there is a new one. */
export function useRevisions({ id, revision }: Application) {
  const api = useApi(kubenovaApiRef);
  return useQuery({
    queryKey: ['application-revisions', id, revision],
    queryFn: () => readAll(page => api.listApplicationRevisions(id, page)),
    refetchInterval: false,
  });
}
