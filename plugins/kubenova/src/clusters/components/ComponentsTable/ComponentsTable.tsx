import { Text } from '@backstage/ui';
import type {
  Cluster,
  ClusterComponent,
} from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { DataTable, type DataColumn } from '../../../shared/DataTable';
import { Status } from '../../../shared/Status';
import { useText } from '../../../translation';
import { COMPONENT_TONES } from '../../clusterState';

type ComponentsTableProps = { cluster: Cluster };

export const ComponentsTable = ({ cluster }: ComponentsTableProps) => {
  const { t } = useText();
  const columns: DataColumn<ClusterComponent>[] = [
    {
      id: 'name',
      label: t('clusters.component.name'),
      isRowHeader: true,
      render: component => component.name,
    },
    {
      id: 'phase',
      label: t('clusters.component.status'),
      render: ({ phase, message }) => (
        <Status
          tone={COMPONENT_TONES[phase]}
          word={t(`clusters.component.phase.${phase}`)}
          reason={message}
          dimmed={cluster.stale}
        />
      ),
    },
    {
      id: 'version',
      label: t('clusters.component.version'),
      render: component => component.version ?? '—',
    },
    {
      id: 'changed',
      label: t('clusters.component.changed'),
      render: ({ changedAt }) => (changedAt ? <Age at={changedAt} /> : '—'),
    },
  ];
  if (cluster.components.length === 0) {
    return <Text color="secondary">{t('clusters.component.none')}</Text>;
  }
  return (
    <DataTable
      label={t('clusters.detail.components')}
      columns={columns}
      items={cluster.components}
      getId={component => component.name}
    />
  );
};
