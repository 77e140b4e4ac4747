import { Knex } from 'knex';

/** How the database keeps what is committed. */
export interface Replication {
  /** `synchronous_commit` of this plugin's connections. */
  synchronousCommit: string;
  /** `synchronous_standby_names`; empty where nothing waits for a standby. */
  synchronousStandbyNames: string;
  /** Standbys that are connected, synchronous or not. */
  standbys: number;
}

/**
 * Reads how the database keeps what is committed. Standbys are counted by their connections, which everybody may count, while only some
 * roles may read more of them. Those that stream logical changes are no standbys.
 */
export async function readReplication(db: Knex): Promise<Replication> {
  const { rows } = await db.raw<{
    rows: Array<{ commit: string; names: string; standbys: number }>;
  }>(
    `SELECT current_setting('synchronous_commit') AS commit,
            current_setting('synchronous_standby_names') AS names,
            (SELECT count(*)::int FROM pg_stat_replication senders
             WHERE NOT EXISTS (
               SELECT FROM pg_replication_slots slots WHERE slots.active_pid = senders.pid AND slots.slot_type = 'logical')
            ) AS standbys`,
  );
  const [{ commit, names, standbys }] = rows;
  return {
    synchronousCommit: commit,
    synchronousStandbyNames: names,
    standbys,
  };
}
