import { useState } from 'react';
import { Container, Header } from '@backstage/ui';
import { clusterCreatePermission } from '@kubenova/plugin-kubenova-common';
import { RiAddLine, RiServerLine } from '@remixicon/react';
import { DataTable } from '../../../shared/DataTable';
import { EmptyState } from '../../../shared/EmptyState';
import { GatedButton } from '../../../shared/GatedButton';
import { PageState } from '../../../shared/PageState';
import { useLinks } from '../../../shared/navigation';
import { useDenialReason } from '../../../shared/rights';
import { useTenants } from '../../../tenants/hooks';
import { useText } from '../../../translation';
import { useClusters } from '../../hooks';
import { AddCluster } from '../AddCluster';
import { useClusterColumns } from './columns';

export const ClusterList = () => {
  const { t } = useText();
  const links = useLinks();
  const clusters = useClusters();
  const tenants = useTenants();
  const columns = useClusterColumns(tenants.data);
  const [isAdding, setIsAdding] = useState(false);
  const denied = useDenialReason(clusterCreatePermission);

  const addButton = (
    <GatedButton
      iconStart={<RiAddLine />}
      disabledReason={denied}
      onPress={() => setIsAdding(true)}
    >
      {t('clusters.add.button')}
    </GatedButton>
  );

  return (
    <>
      <Header
        title={t('clusters.title')}
        description={t('clusters.intro')}
        customActions={clusters.data?.length ? addButton : undefined}
      />
      <Container pb="6">
        <PageState query={clusters}>
          {items =>
            items.length === 0 ? (
              <EmptyState
                icon={<RiServerLine size={32} />}
                title={t('clusters.empty.title')}
                description={t('clusters.empty.description')}
                action={addButton}
              />
            ) : (
              <DataTable
                label={t('clusters.title')}
                columns={columns}
                items={items}
                getId={cluster => cluster.name}
                getHref={cluster => links.cluster(cluster.name)}
              />
            )
          }
        </PageState>
      </Container>
      {isAdding && <AddCluster onClose={() => setIsAdding(false)} />}
    </>
  );
};
