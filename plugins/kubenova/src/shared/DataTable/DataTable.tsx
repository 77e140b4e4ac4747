import type { ReactNode } from 'react';
import {
  Cell,
  Column,
  Row,
  TableBody,
  TableHeader,
  TableRoot,
} from '@backstage/ui';
import styles from './DataTable.module.css';

export type DataColumn<T> = {
  id: string;
  label: string;
  /** The column that names the row for screen readers. */
  isRowHeader?: boolean;
  /** Numbers are set flush right, so that they compare. */
  isNumeric?: boolean;
  render: (item: T) => ReactNode;
};

type DataTableProps<T> = {
  /** The table's accessible name. */
  label: string;
  columns: ReadonlyArray<DataColumn<T>>;
  items: readonly T[];
  getId: (item: T) => string;
  getHref?: (item: T) => string | undefined;
};

/** Columns as wide as what is in them; BUI's are all of one width. */
const AUTO_LAYOUT = { tableLayout: 'auto' } as const;

/**
 * Every table of the pages: a table is a list of columns.
 *
 * Made of BUI's parts rather than of its `Table`, which takes no accessible
 * name of its own.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { label, columns, items, getId, getHref } = props;
  const rows = items.map(item => ({ id: getId(item), item }));
  return (
    <div className={styles.root}>
      <TableRoot aria-label={label} style={AUTO_LAYOUT}>
        <TableHeader columns={columns}>
          {column => (
            <Column id={column.id} isRowHeader={column.isRowHeader}>
              <span className={column.isNumeric ? styles.numeric : undefined}>
                {column.label}
              </span>
            </Column>
          )}
        </TableHeader>
        <TableBody items={rows} dependencies={[columns]}>
          {row => (
            <Row id={row.id} columns={columns} href={getHref?.(row.item)}>
              {column => (
                <Cell>
                  <div className={styles.cell} data-numeric={column.isNumeric}>
                    {column.render(row.item)}
                  </div>
                </Cell>
              )}
            </Row>
          )}
        </TableBody>
      </TableRoot>
    </div>
  );
}
