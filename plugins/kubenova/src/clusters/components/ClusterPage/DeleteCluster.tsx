import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { Cluster } from '@kubenova/plugin-kubenova-common';
import { ConfirmByName } from '../../../shared/ConfirmByName';
import { useGoTo, useLinks } from '../../../shared/navigation';
import { useText } from '../../../translation';
import { useDeleteCluster } from '../../hooks';

type DeleteClusterProps = { cluster: Cluster; onClose: () => void };

export const DeleteCluster = ({ cluster, onClose }: DeleteClusterProps) => {
  const { t } = useText();
  const links = useLinks();
  const goTo = useGoTo();
  const toasts = useApi(toastApiRef);
  const { name } = cluster;
  const deletion = useDeleteCluster({
    name,
    onDeleted: () => {
      toasts.post({
        title: t('clusters.delete.done', { name }),
        status: 'success',
        timeout: 6000,
      });
      goTo(links.clusters());
    },
  });
  return (
    <ConfirmByName
      title={t('clusters.delete.title', { name })}
      name={name}
      consequences={t('clusters.delete.consequences', { name })}
      confirmLabel={t('clusters.delete.confirm')}
      isPending={deletion.isPending}
      error={deletion.error}
      onClose={onClose}
      onConfirm={() => deletion.mutate()}
    />
  );
};
