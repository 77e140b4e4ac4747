import {
  createTranslationRef,
  type TranslationFunction,
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

/** Tells a text by its key. */
export type Translate = TranslationFunction<typeof kubenovaTranslationRef.T>;

// The type is named, because written out in full for a declaration file it is
// as large as the square of the texts: the compiler runs out of memory.
export function useText(): { t: Translate } {
  return useTranslationRef(kubenovaTranslationRef);
}
