import type { ReactNode } from 'react';
import { Link } from '@backstage/ui';
import type { Placement } from '@kubenova/plugin-kubenova-common';
import { DataTable, type DataColumn } from '../../../shared/DataTable';
import { useLinks } from '../../../shared/navigation';
import { SyncBadge } from '../../../shared/Status';
import { useText } from '../../../translation';
import { PlacementStatus } from '../PlacementStatus';

export type PlacementRow = { tenant: string; placement: Placement };

type PlacementsTableProps = {
  label: string;
  rows: readonly PlacementRow[];
  /** What the rows are told apart by. */
  by: 'tenant' | 'cluster';
  renderActions?: (row: PlacementRow) => ReactNode;
};

/** Placements, of one tenant or in one cluster. */
export const PlacementsTable = (props: PlacementsTableProps) => {
  const { label, rows, by, renderActions } = props;
  const { t } = useText();
  const links = useLinks();

  const columns: DataColumn<PlacementRow>[] = [
    {
      id: by,
      label: t(`tenants.placement.${by}`),
      isRowHeader: true,
      render: ({ tenant, placement }) => (
        <Link
          href={
            by === 'tenant'
              ? links.tenant(tenant)
              : links.cluster(placement.cluster)
          }
        >
          {by === 'tenant' ? tenant : placement.cluster}
        </Link>
      ),
    },
    {
      id: 'status',
      label: t('tenants.placement.status'),
      render: ({ placement }) => (
        <PlacementStatus placement={placement} withReason />
      ),
    },
    {
      id: 'sync',
      label: t('tenants.placement.sync'),
      render: ({ placement: { sync, stale } }) => (
        <SyncBadge state={sync.state} reason={sync.message} stale={stale} />
      ),
    },
    {
      id: 'namespaces',
      label: t('tenants.placement.namespaces'),
      render: ({ placement }) =>
        placement.namespaces.join(', ') || t('tenants.placement.noNamespaces'),
    },
  ];
  if (renderActions) {
    columns.push({
      id: 'actions',
      label: t('tenants.placement.actions'),
      render: renderActions,
    });
  }
  return (
    <DataTable
      label={label}
      columns={columns}
      items={rows}
      getId={row => row.placement.id}
    />
  );
};
