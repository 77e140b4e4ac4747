import { Flex, Link, Text } from '@backstage/ui';
import type { Cluster, Tenant } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import type { DataColumn } from '../../../shared/DataTable';
import { useLinks } from '../../../shared/navigation';
import { Status, SyncBadge } from '../../../shared/Status';
import { useText } from '../../../translation';
import { COMPONENT_TONES } from '../../clusterState';
import { tenantsIn } from '../../tenantsIn';
import { ClusterStatus } from '../ClusterStatus';

/** The columns of the list; tenants are unknown until they have been read. */
export function useClusterColumns(
  tenants: readonly Tenant[] | undefined,
): DataColumn<Cluster>[] {
  const { t } = useText();
  const links = useLinks();
  return [
    {
      id: 'name',
      label: t('clusters.column.name'),
      isRowHeader: true,
      render: ({ name, datacenter }) => (
        <Flex direction="column" gap="0.5">
          <Link href={links.cluster(name)} weight="bold" standalone>
            {name}
          </Link>
          <Text variant="body-small" color="secondary">
            {datacenter}
          </Text>
        </Flex>
      ),
    },
    {
      id: 'status',
      label: t('clusters.column.status'),
      render: cluster => <ClusterStatus cluster={cluster} compact />,
    },
    {
      id: 'components',
      label: t('clusters.column.components'),
      render: cluster => <ComponentWords cluster={cluster} />,
    },
    {
      id: 'sync',
      label: t('clusters.column.sync'),
      render: ({ sync, stale }) => (
        <SyncBadge
          state={sync.state}
          reason={sync.message}
          stale={stale}
          compact
        />
      ),
    },
    {
      id: 'version',
      label: t('clusters.column.version'),
      render: ({ operatorVersion, kubernetesVersion }) =>
        operatorVersion || kubernetesVersion ? (
          <Flex direction="column" gap="0.5">
            {operatorVersion && (
              <span>
                {t('clusters.version', { operator: operatorVersion })}
              </span>
            )}
            {kubernetesVersion && (
              <Text variant="body-small" color="secondary">
                {t('clusters.kubernetes', { version: kubernetesVersion })}
              </Text>
            )}
          </Flex>
        ) : (
          '—'
        ),
    },
    {
      id: 'tenants',
      label: t('clusters.column.tenants'),
      render: ({ name }) =>
        tenants === undefined
          ? '—'
          : tenantsIn(name, tenants)
              .map(tenant => tenant.name)
              .join(', ') || t('clusters.noTenants'),
    },
    {
      id: 'lastSeen',
      label: t('clusters.column.lastSeen'),
      render: ({ lastSeenAt }) =>
        lastSeenAt ? <Age at={lastSeenAt} /> : t('stale.never'),
    },
  ];
}

function ComponentWords({ cluster }: { cluster: Cluster }) {
  const { t } = useText();
  if (cluster.components.length === 0) {
    return <>—</>;
  }
  return (
    <Flex direction="column" gap="0.5">
      {cluster.components.map(({ name, phase }) => (
        <Status
          key={name}
          tone={COMPONENT_TONES[phase]}
          word={`${name}: ${t(`clusters.component.phase.${phase}`)}`}
          dimmed={cluster.stale}
        />
      ))}
    </Flex>
  );
}
