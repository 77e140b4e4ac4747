import { Link } from '@backstage/ui';
import { DataTable, type DataColumn } from '../../../shared/DataTable';
import { useLinks } from '../../../shared/navigation';
import { useText } from '../../../translation';
import { METERS } from '../../meters';
import { shown, totalOf, type UsageRow } from '../../rows';
import { DataCompleteness } from './DataCompleteness';

type UsageTableProps = { rows: readonly UsageRow[] };

/** No tenant can have this name: it is no DNS label. */
const TOTAL = '*';

/** The figures, and what is not known of them; the last row adds them up. */
export const UsageTable = ({ rows }: UsageTableProps) => {
  const { t } = useText();
  const links = useLinks();
  const total: UsageRow = {
    tenant: TOTAL,
    series: rows.flatMap(row => row.series),
    amounts: totalOf(rows),
  };
  const columns: DataColumn<UsageRow>[] = [
    {
      id: 'tenant',
      label: t('usage.table.tenant'),
      isRowHeader: true,
      render: ({ tenant }) =>
        tenant === TOTAL ? (
          <strong>{t('usage.table.total')}</strong>
        ) : (
          <Link href={links.tenant(tenant)}>{tenant}</Link>
        ),
    },
    ...METERS.map(meter => ({
      id: meter,
      label: t(`usage.meter.${meter}`),
      isNumeric: true,
      render: ({ tenant, amounts }: UsageRow) =>
        tenant === TOTAL ? (
          <strong>{shown(amounts[meter])}</strong>
        ) : (
          shown(amounts[meter])
        ),
    })),
    {
      id: 'data',
      label: t('usage.table.data'),
      render: ({ tenant, series }) =>
        tenant === TOTAL ? '' : <DataCompleteness series={series} />,
    },
  ];
  return (
    <DataTable
      label={t('usage.table.title')}
      columns={columns}
      items={[...rows, total]}
      getId={row => row.tenant}
    />
  );
};
