import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { LifecycleEntry } from '../types';

interface StepRow {
  id: string;
  observed_at: Date;
  key: string;
  uid: string;
  generation: string;
  step: string;
  message: string;
}

interface GapRow {
  id: string;
  observed_at: Date;
  dropped: string;
  since: Date | null;
  until: Date | null;
  kind: string;
}

/** The newest entries before a place in the list. Each of the two tables gives as many as the page has: its index stops there. */
export async function listLifecycle(
  db: Knex | Knex.Transaction,
  query: {
    clusterId: string;
    key?: string;
    limit: number;
    before?: { observedAt: DateTime; id: string };
  },
): Promise<LifecycleEntry[]> {
  const { clusterId, key, limit, before } = query;
  const newest = (table: string) =>
    db(table)
      .where({ cluster_id: clusterId })
      .modify(select => {
        if (before) {
          select.whereRaw('(observed_at, id) < (?, ?)', [
            before.observedAt.toJSDate(),
            before.id,
          ]);
        }
      })
      .orderBy([
        { column: 'observed_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit);
  const steps: StepRow[] = await newest('lifecycle_records')
    .modify(select => {
      if (key !== undefined) {
        select.where({ key });
      }
    })
    .select('id', 'observed_at', 'key', 'uid', 'generation', 'step', 'message');
  const gaps: GapRow[] = await newest('link_gaps').select(
    'id',
    'observed_at',
    'dropped',
    'since',
    'until',
    'kind',
  );
  return [...steps.map(toStep), ...gaps.map(toGap)]
    .sort(newestFirst)
    .slice(0, limit);
}

function newestFirst(a: LifecycleEntry, b: LifecycleEntry): number {
  const later = b.observedAt.toMillis() - a.observedAt.toMillis();
  return later || (a.id < b.id ? 1 : -1);
}

function toStep(row: StepRow): LifecycleEntry {
  return {
    type: 'step',
    id: row.id,
    observedAt: fromDate(row.observed_at),
    key: row.key,
    uid: row.uid,
    generation: Number(row.generation),
    step: row.step,
    message: row.message,
  };
}

function toGap(row: GapRow): LifecycleEntry {
  return {
    type: 'gap',
    id: row.id,
    observedAt: fromDate(row.observed_at),
    dropped: Number(row.dropped),
    since: row.since ? fromDate(row.since) : undefined,
    until: row.until ? fromDate(row.until) : undefined,
    kind: row.kind,
  };
}

function fromDate(date: Date): DateTime {
  return DateTime.fromJSDate(date, { zone: 'utc' });
}
