import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { ConfirmByName } from '../../../shared/ConfirmByName';
import { useText } from '../../../translation';
import { useRevokeOperatorKey } from '../../hooks';

type RevokeKeyProps = { cluster: string; onClose: () => void };

export const RevokeKey = ({ cluster, onClose }: RevokeKeyProps) => {
  const { t } = useText();
  const toasts = useApi(toastApiRef);
  const revoke = useRevokeOperatorKey(cluster);
  return (
    <ConfirmByName
      title={t('clusters.link.revoke.title', { name: cluster })}
      name={cluster}
      consequences={t('clusters.link.revoke.consequences', { name: cluster })}
      confirmLabel={t('clusters.link.revoke.confirm')}
      isPending={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onConfirm={() =>
        revoke.mutate(undefined, {
          onSuccess: () => {
            toasts.post({
              title: t('clusters.link.revoke.done', { name: cluster }),
              status: 'success',
              timeout: 6000,
            });
            onClose();
          },
        })
      }
    />
  );
};
