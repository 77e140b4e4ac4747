import { useEntity } from '@backstage/plugin-catalog-react';
import { CLUSTER_ANNOTATION } from '@kubenova/plugin-kubenova-common';
import { ClusterStatus } from '../clusters/components/ClusterStatus';
import { useCluster } from '../clusters/hooks';
import { useLinks } from '../shared/navigation';
import { SyncBadge } from '../shared/Status';
import { useText } from '../translation';
import { StatusCard } from './StatusCard';

export const ClusterCard = () => {
  const { t } = useText();
  const links = useLinks();
  const { entity } = useEntity();
  const name = entity.metadata.annotations?.[CLUSTER_ANNOTATION] ?? '';
  return (
    <StatusCard
      query={useCluster(name)}
      href={links.cluster(name)}
      factsOf={cluster => [
        {
          label: t('clusters.column.status'),
          value: <ClusterStatus cluster={cluster} />,
        },
        {
          label: t('clusters.column.sync'),
          value: (
            <SyncBadge
              state={cluster.sync.state}
              reason={cluster.sync.message}
              stale={cluster.stale}
            />
          ),
        },
      ]}
    />
  );
};
