import { Text } from '@backstage/ui';
import type {
  ApplicationComponent,
  Deployment,
  WorkflowStep,
} from '@kubenova/plugin-kubenova-common';
import { DataTable, type DataColumn } from '../../../shared/DataTable';
import { Status } from '../../../shared/Status';
import { useText } from '../../../translation';
import { stepTone } from './stepTone';

type TableProps = { deployment: Deployment };

export const ComponentsTable = ({ deployment }: TableProps) => {
  const { t } = useText();
  const { cluster, components, stale } = deployment;
  const columns: DataColumn<ApplicationComponent>[] = [
    {
      id: 'name',
      label: t('applications.component.name'),
      isRowHeader: true,
      render: ({ name }) => name,
    },
    {
      id: 'health',
      label: t('applications.component.health'),
      render: ({ healthy }) => {
        const word = healthy
          ? t('applications.component.healthy')
          : t('applications.component.unhealthy');
        const tone = healthy ? 'positive' : 'danger';
        return stale ? (
          <Status tone="warning" word={t('stale.lastKnown', { word })} dimmed />
        ) : (
          <Status tone={tone} word={word} />
        );
      },
    },
    {
      id: 'message',
      label: t('applications.component.message'),
      render: ({ message }) => message || '—',
    },
  ];
  if (components.length === 0) {
    return (
      <Text color="secondary">{t('applications.detail.noComponents')}</Text>
    );
  }
  return (
    <DataTable
      label={t('applications.detail.componentsIn', { cluster })}
      columns={columns}
      items={components}
      getId={component => component.name}
    />
  );
};

export const StepsTable = ({ deployment }: TableProps) => {
  const { t } = useText();
  const { cluster, steps } = deployment;
  const columns: DataColumn<WorkflowStep>[] = [
    {
      id: 'name',
      label: t('applications.step.name'),
      isRowHeader: true,
      render: ({ name }) => name,
    },
    {
      id: 'phase',
      label: t('applications.step.phase'),
      render: ({ phase }) => <Status tone={stepTone(phase)} word={phase} />,
    },
    {
      id: 'message',
      label: t('applications.step.message'),
      render: ({ message }) => message || '—',
    },
  ];
  return (
    <DataTable
      label={t('applications.detail.stepsIn', { cluster })}
      columns={columns}
      items={steps}
      getId={step => step.name}
    />
  );
};
