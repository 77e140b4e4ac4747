import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import {
  clusterUpdatePermission,
  type SyncState,
} from '@kubenova/plugin-kubenova-common';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kubenovaApiRef } from '../../api';
import { useText } from '../../translation';
import { errorSentence } from '../errors';
import { GatedButton } from '../GatedButton';
import { useDenialReason } from '../rights';

type TryAgainProps = {
  cluster: string;
  /** `tenants/<name>` or `applications/<tenant>/<name>`. */
  objectKey: string;
  sync: { state: SyncState };
};

/** After these it makes sense to send the same thing once more. */
const RETRIED: readonly SyncState[] = ['Failed', 'Refused', 'Waiting'];

/** Has the same thing sent to a datacenter once more; nothing where it did not fail. */
export const TryAgain = ({ cluster, objectKey, sync }: TryAgainProps) => {
  const { t } = useText();
  const api = useApi(kubenovaApiRef);
  const toasts = useApi(toastApiRef);
  const queryClient = useQueryClient();
  const denied = useDenialReason(clusterUpdatePermission);
  const retry = useMutation({
    mutationFn: () => api.retryDesiredState(cluster, objectKey),
    onSuccess: () =>
      toasts.post({
        title: t('retry.done', { cluster }),
        status: 'success',
        timeout: 6000,
      }),
    onError: error =>
      toasts.post({ title: errorSentence(error), status: 'danger' }),
    // What is on the screen is not what is there any more, in either case.
    onSettled: () =>
      Promise.all(
        ['tenants', 'applications'].map(domain =>
          queryClient.invalidateQueries({ queryKey: [domain] }),
        ),
      ),
  });
  return RETRIED.includes(sync.state) ? (
    <GatedButton
      variant="secondary"
      disabledReason={denied}
      isPending={retry.isPending}
      aria-label={t('retry.label', { cluster })}
      onPress={() => retry.mutate()}
    >
      {t('retry.button')}
    </GatedButton>
  ) : null;
};
