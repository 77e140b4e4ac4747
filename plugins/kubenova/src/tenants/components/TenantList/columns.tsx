import { Flex, Link, Text } from '@backstage/ui';
import type { Tenant } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import type { DataColumn } from '../../../shared/DataTable';
import { useLinks } from '../../../shared/navigation';
import { Status } from '../../../shared/Status';
import { useText } from '../../../translation';
import { PlacementStatus } from '../PlacementStatus';

export function useTenantColumns(): DataColumn<Tenant>[] {
  const { t } = useText();
  const links = useLinks();
  return [
    {
      id: 'name',
      label: t('tenants.column.name'),
      isRowHeader: true,
      render: ({ name, displayName }) => (
        <Flex direction="column" gap="0.5">
          <Link href={links.tenant(name)} weight="bold" standalone>
            {name}
          </Link>
          <Text variant="body-small" color="secondary">
            {displayName}
          </Text>
        </Flex>
      ),
    },
    {
      id: 'placements',
      label: t('tenants.column.placements'),
      render: ({ placements }) =>
        placements.length === 0 ? (
          '—'
        ) : (
          <Flex direction="column" gap="0.5">
            {placements.map(placement => (
              <PlacementStatus
                key={placement.id}
                placement={placement}
                prefix={`${placement.cluster}: `}
              />
            ))}
          </Flex>
        ),
    },
    {
      id: 'state',
      label: t('tenants.column.state'),
      render: ({ deleting }) =>
        deleting ? (
          <Status tone="progress" word={t('tenants.deleting')} />
        ) : (
          t('tenants.detail.active')
        ),
    },
    {
      id: 'created',
      label: t('tenants.column.created'),
      render: ({ createdAt }) => <Age at={createdAt} />,
    },
  ];
}
