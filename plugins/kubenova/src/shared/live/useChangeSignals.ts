import { useEffect } from 'react';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  CHANGES_CHANNEL,
  type ChangesSignal,
} from '@kubenova/plugin-kubenova-common';
import type { QueryClient } from '@tanstack/react-query';

/**
 * What is shown of a domain when another one changes: a silent operator
 * (clusters) makes the placements and deployments in its cluster stale.
 */
const AFFECTED: Readonly<Record<string, readonly string[]>> = {
  clusters: ['clusters', 'tenants', 'applications'],
  tenants: ['tenants', 'applications'],
  applications: ['applications'],
  usage: ['usage'],
};

/**
 * Refetches what is on the screen when the Manager says that it changed.
 *
 * A signal is only a nudge: it carries keys and no data, and one that is lost
 * is made up for by polling. The subscription is made here rather than with
 * `useSignal`, which keeps only the last signal of a render.
 */
export function useChangeSignals(queryClient: QueryClient): void {
  const signals = useApiHolder().get(signalApiRef);
  useEffect(() => {
    const subscription = signals?.subscribe<ChangesSignal>(
      CHANGES_CHANNEL,
      ({ keys }) => {
        const domains = new Set(
          keys.flatMap(key => AFFECTED[key.split('/')[0]] ?? []),
        );
        domains.forEach(domain =>
          queryClient.invalidateQueries({ queryKey: [domain] }),
        );
      },
    );
    return () => subscription?.unsubscribe();
  }, [signals, queryClient]);
}
