import { DateTime } from 'luxon';
import type { ChangedRef, EventHandler, LinkEvent } from '../link/types';
import type { useTestManager } from './useTestManager';

export const AT = DateTime.fromISO('2026-11-24T06:00:00.000Z', { zone: 'utc' });

/** Gives events to a projection as the ingest does: each in a transaction, from one cluster, one after another. */
export function projecting<T extends LinkEvent>(
  manager: ReturnType<typeof useTestManager>,
  handler: EventHandler<T>,
) {
  let seq = 0;
  return async (clusterName: string, ...events: T[]): Promise<ChangedRef[]> => {
    const cluster = await manager
      .db('clusters')
      .where({ name: clusterName })
      .first('id', 'name');
    const told = events.map(event => ({
      cluster,
      incarnation: 'incarnation',
      position: [1, ++seq] as const,
      event,
    }));
    return manager.db.transaction(tx => handler.handle(tx, told));
  };
}
