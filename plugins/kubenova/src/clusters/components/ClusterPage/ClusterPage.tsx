import { useState } from 'react';
import { useParams } from 'react-router-dom';
import { BreadcrumbEntry } from '@backstage/frontend-plugin-api';
import { ButtonLink, Container, Header } from '@backstage/ui';
import {
  clusterDeletePermission,
  type Cluster,
} from '@kubenova/plugin-kubenova-common';
import { ConditionsTable } from '../../../shared/ConditionsTable';
import { EmptyState } from '../../../shared/EmptyState';
import { errorSentence } from '../../../shared/errors';
import { GatedButton } from '../../../shared/GatedButton';
import { PageState } from '../../../shared/PageState';
import { Section } from '../../../shared/Section';
import { useLinks } from '../../../shared/navigation';
import { useDenialReason } from '../../../shared/rights';
import { useTenants } from '../../../tenants/hooks';
import { useText } from '../../../translation';
import { useCluster } from '../../hooks';
import { tenantsIn } from '../../tenantsIn';
import { ClusterLink } from '../ClusterLink';
import { ComponentsTable } from '../ComponentsTable';
import { JoinPanel } from '../JoinPanel';
import { ManagerBehind } from '../ManagerBehind';
import { ParkedEvents } from '../ParkedEvents';
import { ClusterConfiguration } from './ClusterConfiguration';
import { ClusterOverview } from './ClusterOverview';
import { DeleteCluster } from './DeleteCluster';
import { PlacedTenants } from './PlacedTenants';

/** One datacenter. */
export const ClusterPage = () => {
  const { t } = useText();
  const links = useLinks();
  const { clusterName = '' } = useParams();
  const cluster = useCluster(clusterName);
  return (
    <BreadcrumbEntry
      entry={{ label: clusterName, href: links.cluster(clusterName) ?? '' }}
    >
      <PageState
        query={cluster}
        notFound={
          <Container pt="6">
            <EmptyState
              title={t('clusters.detail.gone')}
              description={t('clusters.detail.goneHint', {
                reason: errorSentence(cluster.error),
              })}
              action={
                <ButtonLink href={links.clusters()}>
                  {t('clusters.detail.back')}
                </ButtonLink>
              }
            />
          </Container>
        }
      >
        {data => <ClusterDetails cluster={data} />}
      </PageState>
    </BreadcrumbEntry>
  );
};

function ClusterDetails({ cluster }: { cluster: Cluster }) {
  const { t } = useText();
  const tenants = useTenants();
  const placed = tenantsIn(cluster.name, tenants.data ?? []);
  const [isDeleting, setIsDeleting] = useState(false);
  const denied = useDenialReason(clusterDeletePermission);
  const notEmpty =
    placed.length > 0
      ? t('clusters.delete.notEmpty', {
          tenants: placed.map(tenant => tenant.name).join(', '),
        })
      : undefined;

  return (
    <>
      <Header
        title={cluster.name}
        description={cluster.datacenter}
        customActions={
          <GatedButton
            variant="secondary"
            destructive
            disabledReason={denied ?? notEmpty}
            onPress={() => setIsDeleting(true)}
          >
            {t('clusters.delete.button')}
          </GatedButton>
        }
      />
      <Container pb="6">
        <ManagerBehind cluster={cluster} />
        <ParkedEvents cluster={cluster} />
        <ClusterOverview cluster={cluster} />
        {cluster.status !== 'connected' && <JoinPanel cluster={cluster} />}
        <ClusterLink cluster={cluster.name} />
        <Section title={t('clusters.detail.components')}>
          <ComponentsTable cluster={cluster} />
        </Section>
        <Section title={t('conditions.title')}>
          <ConditionsTable
            label={t('conditions.title')}
            conditions={cluster.conditions}
          />
        </Section>
        <PlacedTenants cluster={cluster.name} tenants={tenants} />
        <ClusterConfiguration config={cluster.config} />
        {cluster.status === 'connected' && <JoinPanel cluster={cluster} />}
      </Container>
      {isDeleting && (
        <DeleteCluster cluster={cluster} onClose={() => setIsDeleting(false)} />
      )}
    </>
  );
}
