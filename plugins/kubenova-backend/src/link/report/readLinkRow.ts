import { Knex } from 'knex';

/** A link's row with what is counted for its report. Counters of Postgres come as strings. */
export interface LinkRow {
  epoch: string;
  open: boolean;
  stale: boolean;
  opened_at: Date | null;
  closed_at: Date | null;
  close_reason: string | null;
  last_seen_at: Date | null;
  remote_address: string | null;
  replica: string | null;
  capabilities: string[] | null;
  journal_depth: string | null;
  journal_oldest_at: Date | null;
  journal_bytes: string | null;
  journal_budget_bytes: string | null;
  event_lag_ms: string | null;
  poison_halted_at: Date | null;
  refused_reason: string | null;
  refused_message: string | null;
  refused_at: Date | null;
  refused_address: string | null;
  contested_at: Date | null;
  rotation_requested_at: Date | null;
  rotation_completed_at: Date | null;
  waiting: string;
  waiting_since: Date | null;
  parked: string;
}

/** `undefined` before anything was written for the cluster. */
export async function readLinkRow(
  db: Knex,
  clusterId: string,
): Promise<LinkRow | undefined> {
  const { rows } = await db.raw<{ rows: LinkRow[] }>(
    `SELECT links.*, unsent.waiting, unsent.waiting_since,
            (SELECT count(*) FROM parked_events WHERE parked_events.cluster_id = links.cluster_id) AS parked
     FROM links, LATERAL (
       SELECT count(*) AS waiting, min(written_at) AS waiting_since FROM desired_states desired
       WHERE desired.cluster_id = links.cluster_id AND desired.deleted_at IS NULL
         AND (desired.accepted_generation IS NULL OR desired.accepted_generation < desired.generation)
     ) unsent
     WHERE links.cluster_id = :clusterId`,
    { clusterId },
  );
  return rows[0];
}
