import { Text } from '@backstage/ui';
import type { Condition } from '@kubenova/plugin-kubenova-common';
import { useText } from '../../translation';
import { Age } from '../Age';
import { DataTable, type DataColumn } from '../DataTable';
import { Status, type Tone } from '../Status';

type ConditionsTableProps = {
  label: string;
  conditions: readonly Condition[];
};

/**
 * Whether True is good depends on the condition: of those that say "ready" it
 * is known, all others are told without judging.
 */
const READY_TONES: Record<Condition['status'], Tone> = {
  True: 'positive',
  False: 'danger',
  Unknown: 'unknown',
};

export const ConditionsTable = (props: ConditionsTableProps) => {
  const { t } = useText();
  const columns: DataColumn<Condition>[] = [
    {
      id: 'type',
      label: t('conditions.type'),
      isRowHeader: true,
      render: condition => condition.type,
    },
    {
      id: 'status',
      label: t('conditions.status'),
      render: ({ type, status }) =>
        type.endsWith('Ready') ? (
          <Status tone={READY_TONES[status]} word={status} />
        ) : (
          status
        ),
    },
    {
      id: 'reason',
      label: t('conditions.reason'),
      render: condition => condition.reason ?? '—',
    },
    {
      id: 'message',
      label: t('conditions.message'),
      render: condition => condition.message ?? '—',
    },
    {
      id: 'since',
      label: t('conditions.since'),
      render: ({ lastTransitionAt }) =>
        lastTransitionAt ? <Age at={lastTransitionAt} /> : '—',
    },
  ];
  if (props.conditions.length === 0) {
    return (
      <Text as="p" color="secondary">
        {t('conditions.none')}
      </Text>
    );
  }
  return (
    <DataTable
      label={props.label}
      columns={columns}
      items={props.conditions}
      getId={condition => condition.type}
    />
  );
};
