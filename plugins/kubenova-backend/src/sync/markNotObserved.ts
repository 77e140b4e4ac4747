import type { Knex } from 'knex';
import type { EventPosition } from '../link/types';
import { OBJECT_TABLES, type ObjectTable } from './objectTables';

/**
 * Marks the rows of a cluster that a snapshot did not name: those with a status whose last event is older than the snapshot's begin (E7).
 * What never had a status has none to take back. The next event of a row clears its mark.
 *
 * @returns the ids of the clusters, tenants or applications that the rows belong to.
 */
export async function markNotObserved(
  tx: Knex.Transaction,
  where: {
    table: ObjectTable;
    clusterId: string;
    begin: EventPosition;
  },
): Promise<string[]> {
  const { table, clusterId, begin } = where;
  const { clusterId: cluster, owner } = OBJECT_TABLES[table];
  const { rows } = await tx.raw<{ rows: Array<{ owner_id: string }> }>(
    `UPDATE ${table} SET not_observed_at = clock_timestamp()
     WHERE ${cluster} = :clusterId AND not_observed_at IS NULL
       AND (status_generation > 0 OR status_position > '{0,0}')
       AND greatest(status_position, apply_position) < CAST(:begin AS bigint[])
     RETURNING ${owner} AS owner_id`,
    { clusterId, begin: [...begin] },
  );
  return rows.map(row => row.owner_id);
}
