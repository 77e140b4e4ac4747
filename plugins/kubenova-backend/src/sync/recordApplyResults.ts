import type { Knex } from 'knex';
import type { ApplyResultEvent, OperatorEvent } from '../link/types';
import { newestOfEach } from './newestOfEach';
import { OBJECT_TABLES, type ObjectTable } from './objectTables';

export interface WrittenApplyResult {
  told: OperatorEvent<ApplyResultEvent>;
  /** The id of the cluster, tenant or application that the row belongs to. */
  ownerId: string;
}

/**
 * Writes what became of desired states on the rows of one domain (the columns of {@link ApplyRecord}), in one statement. A result of an
 * older generation than the one that is known, of another uid or cluster, or told before it, changes nothing (E3).
 *
 * @returns the results that were written.
 */
export async function recordApplyResults(
  tx: Knex.Transaction,
  table: ObjectTable,
  events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
): Promise<WrittenApplyResult[]> {
  const newest = newestOfEach(withoutAfterlife(events));
  if (newest.length === 0) {
    return [];
  }
  const columns = OBJECT_TABLES[table];
  const { rows } = await tx.raw<{
    rows: Array<{ index: number; owner_id: string }>;
  }>(
    `UPDATE ${table} AS known SET
       apply_generation = told.generation, apply_position = told.position,
       apply_outcome = told.outcome, apply_message = told.message,
       last_synced_at = told.observed_at, not_observed_at = NULL,
       applied_generation = CASE WHEN told.applied_generation >= known.apply_generation
         THEN told.applied_generation ELSE known.applied_generation END
     FROM json_to_recordset(CAST(:told AS json)) AS told(
       index integer, id uuid, cluster_id uuid, generation bigint, position bigint[], outcome text, message text,
       observed_at timestamptz, applied_generation bigint)
     WHERE known.id = told.id AND known.${columns.clusterId} = told.cluster_id
       AND known.apply_generation <= told.generation AND known.apply_position < told.position
     RETURNING told.index, known.${columns.owner} AS owner_id`,
    { told: JSON.stringify(toRows(newest, appliedGenerations(events))) },
  );
  return rows.map(row => ({ told: newest[row.index], ownerId: row.owner_id }));
}

function toRows(
  newest: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
  applied: ReadonlyMap<string, number>,
) {
  return newest.map(({ cluster, position, event }, index) => ({
    index,
    id: event.uid,
    cluster_id: cluster.id,
    generation: event.generation,
    position,
    outcome: event.outcome,
    message: event.message || null,
    observed_at: event.observedAt.toISO(),
    applied_generation: applied.get(`${cluster.id}/${event.uid}`) ?? null,
  }));
}

/** A uid is wanted gone at most once, and never wanted again (D3): what is told after the confirmation says nothing. */
function withoutAfterlife(
  events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
): Array<OperatorEvent<ApplyResultEvent>> {
  const gone = new Set<string>();
  return events.filter(({ cluster, event }) => {
    const key = `${cluster.id}/${event.uid}`;
    const isAfterlife = gone.has(key);
    if (event.outcome === 'Deleted') {
      gone.add(key);
    }
    return !isAfterlife;
  });
}

/** The newest generation of each object that is told to be applied, even where a later one has failed since. */
function appliedGenerations(
  events: ReadonlyArray<OperatorEvent<ApplyResultEvent>>,
): Map<string, number> {
  const applied = events.filter(({ event }) => event.outcome === 'Applied');
  return new Map(
    newestOfEach(applied).map(({ cluster, event }) => [
      `${cluster.id}/${event.uid}`,
      event.generation,
    ]),
  );
}
