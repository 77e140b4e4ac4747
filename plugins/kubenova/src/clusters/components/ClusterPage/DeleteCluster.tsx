import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { Cluster } from '@kubenova/plugin-kubenova-common';
import { ConfirmByName } from '../../../shared/ConfirmByName';
import { useGoTo, useLinks } from '../../../shared/navigation';
import { useText } from '../../../translation';
import type { ClusterDeletion } from '../../hooks';

type DeleteClusterProps = {
  cluster: Cluster;
  deletion: ClusterDeletion;
  onClose: () => void;
};

export const DeleteCluster = ({
  cluster,
  deletion,
  onClose,
}: DeleteClusterProps) => {
  const { t } = useText();
  const links = useLinks();
  const goTo = useGoTo();
  const toasts = useApi(toastApiRef);
  const { name } = cluster;
  return (
    <ConfirmByName
      title={t('clusters.delete.title', { name })}
      name={name}
      consequences={t('clusters.delete.consequences', { name })}
      confirmLabel={t('clusters.delete.confirm')}
      isPending={deletion.isPending}
      error={deletion.error}
      onClose={onClose}
      onConfirm={() =>
        deletion.mutate(name, {
          onSuccess: () => {
            toasts.post({
              title: t('clusters.delete.done', { name }),
              status: 'success',
              timeout: 6000,
            });
            goTo(links.clusters());
          },
        })
      }
    />
  );
};
