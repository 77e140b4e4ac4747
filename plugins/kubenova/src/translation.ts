import {
  createTranslationRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { applicationMessages } from './applications/messages';
import { clusterMessages } from './clusters/messages';
import { sharedMessages } from './shared/messages';
import { tenantMessages } from './tenants/messages';
import { usageMessages } from './usage/messages';

/** The texts of the pages, which an app can translate or override. */
export const kubenovaTranslationRef = createTranslationRef({
  id: 'kubenova',
  messages: {
    ...sharedMessages,
    clusters: clusterMessages,
    tenants: tenantMessages,
    applications: applicationMessages,
    usage: usageMessages,
  },
});

export function useText() {
  return useTranslationRef(kubenovaTranslationRef);
}
