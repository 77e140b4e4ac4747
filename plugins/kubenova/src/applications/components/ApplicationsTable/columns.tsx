import { Flex, Link, Text } from '@backstage/ui';
import type { Application } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import type { DataColumn } from '../../../shared/DataTable';
import { useLinks } from '../../../shared/navigation';
import { HealthBadge, SyncBadge } from '../../../shared/Status';
import { useText } from '../../../translation';
import { axesOf } from '../../axes';

export function useApplicationColumns(): DataColumn<Application>[] {
  const { t } = useText();
  const links = useLinks();
  return [
    {
      id: 'name',
      label: t('applications.column.name'),
      isRowHeader: true,
      render: ({ id, name }) => (
        <Link href={links.application(id)} weight="bold" standalone>
          {name}
        </Link>
      ),
    },
    {
      id: 'tenant',
      label: t('applications.column.tenant'),
      render: ({ tenant }) => <Link href={links.tenant(tenant)}>{tenant}</Link>,
    },
    {
      id: 'sync',
      label: t('applications.column.sync'),
      render: application => {
        const { syncReason, staleClusters } = axesOf(application);
        return (
          <SyncBadge
            state={application.sync}
            reason={syncReason}
            stale={staleClusters.length > 0}
            compact
          />
        );
      },
    },
    {
      id: 'health',
      label: t('applications.column.health'),
      render: application => {
        const { healthReason, staleClusters } = axesOf(application);
        return (
          <HealthBadge
            state={application.health}
            reason={healthReason}
            stale={staleClusters.length > 0}
            compact
          />
        );
      },
    },
    {
      id: 'clusters',
      label: t('applications.column.clusters'),
      render: application => <Clusters application={application} />,
    },
    {
      id: 'revision',
      label: t('applications.column.revision'),
      render: application => application.revision,
    },
    {
      id: 'updated',
      label: t('applications.column.updated'),
      render: ({ updatedAt }) => <Age at={updatedAt} />,
    },
  ];
}

function Clusters({ application }: { application: Application }) {
  const { t } = useText();
  const { staleClusters } = axesOf(application);
  return (
    <Flex direction="column" gap="0.5">
      <span>
        {application.deployments.map(({ cluster }) => cluster).join(', ') ||
          '—'}
      </span>
      {staleClusters.length > 0 && (
        <Text variant="body-small" color="secondary">
          {t('applications.staleClusters', {
            clusters: staleClusters.join(', '),
          })}
        </Text>
      )}
    </Flex>
  );
}
