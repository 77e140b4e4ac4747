import { QueryClient } from '@tanstack/react-query';
import { isWorthRetrying } from '../errors';

/** How often a page asks again when no signal tells it to. */
const POLL_INTERVAL_MS = 10_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        refetchInterval: POLL_INTERVAL_MS,
        retry: (failures, error) => failures < 2 && isWorthRetrying(error),
      },
    },
  });
}
