import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { ClusterLink } from '@kubenova/plugin-kubenova-common';
import { errorSentence } from '../../../shared/errors';
import { GatedButton } from '../../../shared/GatedButton';
import { useText } from '../../../translation';
import { useRotateOperatorKey } from '../../hooks';

type RotateKeyProps = {
  cluster: string;
  link: ClusterLink;
  /** Why the user may not. */
  denied?: string;
};

const ROTATION_CAPABILITY = 'key-rotation';

/** Asks for a new key, now or when the operator is back; the present one stays good until then, so nothing has to be confirmed. */
export const RotateKey = ({ cluster, link, denied }: RotateKeyProps) => {
  const { t } = useText();
  const toasts = useApi(toastApiRef);
  const rotate = useRotateOperatorKey(cluster);
  const { rotation, capabilities, state } = link;

  const reason = () => {
    if (denied) {
      return denied;
    }
    if (state === 'never_connected') {
      return t('clusters.link.notConnected');
    }
    if (!capabilities.includes(ROTATION_CAPABILITY)) {
      return t('clusters.link.rotate.unsupported');
    }
    return rotation && !rotation.completedAt
      ? t('clusters.link.rotate.pending')
      : undefined;
  };

  return (
    <GatedButton
      variant="secondary"
      disabledReason={reason()}
      isPending={rotate.isPending}
      onPress={() =>
        rotate.mutate(undefined, {
          onSuccess: () =>
            toasts.post({
              title: t('clusters.link.rotate.done'),
              status: 'success',
              timeout: 6000,
            }),
          onError: error =>
            toasts.post({
              title: t('clusters.link.rotate.failed'),
              description: errorSentence(error),
              status: 'danger',
            }),
        })
      }
    >
      {t('clusters.link.rotate.button')}
    </GatedButton>
  );
};
