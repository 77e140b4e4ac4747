import { useState } from 'react';
import type { PluginWrapperDefinition } from '@backstage/frontend-plugin-api';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createQueryClient } from './queryClient';
import { useChangeSignals } from './useChangeSignals';

/** Gives all that the plugin shows one cache, and keeps it up to date. */
export const queryWrapper: PluginWrapperDefinition<QueryClient> = {
  // Run once in the app, however many pages and cards are on the screen.
  useWrapperValue: () => {
    const [queryClient] = useState(createQueryClient);
    useChangeSignals(queryClient);
    return queryClient;
  },
  component: ({ value, children }) => (
    <QueryClientProvider client={value}>{children}</QueryClientProvider>
  ),
};
