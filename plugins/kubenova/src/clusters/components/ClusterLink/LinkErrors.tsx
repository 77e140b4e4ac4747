import { Box, Text } from '@backstage/ui';
import type { LinkError } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { DataTable, type DataColumn } from '../../../shared/DataTable';
import { useText } from '../../../translation';

type Row = LinkError & { id: string };

/** What went wrong lately, newest first. */
export const LinkErrors = ({ errors }: { errors: readonly LinkError[] }) => {
  const { t } = useText();
  const title = t('clusters.link.errors.title');
  const columns: DataColumn<Row>[] = [
    {
      id: 'at',
      label: t('clusters.link.errors.at'),
      render: error => <Age at={error.at} />,
    },
    {
      id: 'reason',
      label: t('clusters.link.errors.reason'),
      isRowHeader: true,
      render: error => error.reason,
    },
    {
      id: 'message',
      label: t('clusters.link.errors.message'),
      render: error => error.message,
    },
    {
      id: 'count',
      label: t('clusters.link.errors.count'),
      isNumeric: true,
      render: error => String(error.count),
    },
  ];
  // Two may have come at the same instant; their order says which is which.
  const rows = errors.map((error, index) => ({ ...error, id: String(index) }));
  return (
    <Box mt="4">
      <Text as="h4" variant="body-medium" weight="bold">
        {title}
      </Text>
      {rows.length === 0 ? (
        <Text as="p" color="secondary">
          {t('clusters.link.errors.none')}
        </Text>
      ) : (
        <DataTable
          label={title}
          columns={columns}
          items={rows}
          getId={row => row.id}
        />
      )}
    </Box>
  );
};
