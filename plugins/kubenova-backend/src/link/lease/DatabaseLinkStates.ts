import { Knex } from 'knex';
import { DateTime } from 'luxon';
import { findBehind } from '../behind/operations/findBehind';
import { LinkStates } from '../types';

/** Reads what sessions, sweeps and digests have written of links. */
export class DatabaseLinkStates implements LinkStates {
  async find(db: Knex | Knex.Transaction, clusterIds: readonly string[]) {
    const rows = await db<{
      cluster_id: string;
      stale: boolean;
      last_seen_at: Date | null;
      contested_at: Date | null;
    }>('links')
      .select('cluster_id', 'stale', 'last_seen_at', 'contested_at')
      .whereIn('cluster_id', [...clusterIds]);
    const behind = await findBehind(db, clusterIds);
    return rows.map(row => ({
      clusterId: row.cluster_id,
      stale: row.stale,
      lastSeenAt: row.last_seen_at
        ? DateTime.fromJSDate(row.last_seen_at, { zone: 'utc' })
        : undefined,
      contested: row.contested_at !== null,
      behind: behind.get(row.cluster_id),
    }));
  }
}
