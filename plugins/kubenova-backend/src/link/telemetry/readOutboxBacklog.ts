import { Knex } from 'knex';
import { OutboxBacklog } from './LinkTelemetry';

/**
 * What waits in the whole installation, so that every replica tells the same. The index of what is unsent has nothing else in it, so
 * this costs what the backlog is long.
 */
export async function readOutboxBacklog(db: Knex): Promise<OutboxBacklog> {
  const { rows } = await db.raw<{
    rows: Array<{ depth: string; age_seconds: number }>;
  }>(
    `SELECT count(*) AS depth,
       coalesce(extract(epoch FROM clock_timestamp() - min(written_at)), 0)::float8 AS age_seconds
     FROM desired_states
     WHERE deleted_at IS NULL AND (accepted_generation IS NULL OR accepted_generation < generation)`,
  );
  const [{ depth, age_seconds: ageSeconds }] = rows;
  return { depth: Number(depth), ageSeconds };
}
