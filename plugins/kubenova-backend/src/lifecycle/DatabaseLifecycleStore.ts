import type { Knex } from 'knex';
import type { DateTime } from 'luxon';
import type { LifecycleStore } from './LifecycleStore';
import { insertGaps } from './operations/insertGaps';
import { insertSteps } from './operations/insertSteps';
import { listLifecycle } from './operations/listLifecycle';
import type { LifecycleEntry, LifecycleGap, LifecycleStep } from './types';

export class DatabaseLifecycleStore implements LifecycleStore {
  async record(
    tx: Knex.Transaction,
    entries: ReadonlyArray<{ clusterId: string; entry: LifecycleEntry }>,
  ): Promise<void> {
    await insertSteps(tx, ofType(entries, 'step'));
    await insertGaps(tx, ofType(entries, 'gap'));
  }

  async list(
    db: Knex | Knex.Transaction,
    query: {
      clusterId: string;
      key?: string;
      limit: number;
      before?: { observedAt: DateTime; id: string };
    },
  ): Promise<Array<LifecycleStep | LifecycleGap>> {
    return listLifecycle(db, query);
  }
}

function ofType<T extends LifecycleEntry['type']>(
  entries: ReadonlyArray<{ clusterId: string; entry: LifecycleEntry }>,
  type: T,
) {
  return entries.flatMap(({ clusterId, entry }) =>
    entry.type === type
      ? [{ ...(entry as Extract<LifecycleEntry, { type: T }>), clusterId }]
      : [],
  );
}
